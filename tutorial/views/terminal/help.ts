/** Hints, solutions and the question before an exercise. */
import { wrapText } from '../../../scripts/report/terminal/text.js';
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import type { GuessLine } from '../../view.js';
import { curlOf, powerShellOf } from '../commands/index.js';
import type { Mode } from '../commands/pieces.js';
import { hanging, type Ink, marked, paragraph } from './ink.js';

/** @param number from 1 */
export function hintLines(text: string, number: number, ink: Ink): readonly string[] {
  const start = ` Hint ${number}: `;
  const lines = hanging(start, text, ink.width);
  return lines.map((line, index) =>
    index === 0 ? `${ink.paint.cyan(line.slice(0, start.length))}${line.slice(start.length)}` : line,
  );
}

export interface Shell {
  readonly isPowerShell: boolean;
  /** Puts the values into the learner's shell. */
  readonly envCommand: string;
}

/** The third hint: the requests with gaps. Commands stand at the margin, so that they can be copied whole. */
export function unfilledLines(
  recipes: readonly Recipe[],
  values: Values,
  shell: Shell,
  ink: Ink,
): readonly string[] {
  return [
    ...hintLines('All of it; put the right values for what stands in < >.', 3, ink),
    ...recipes.flatMap((recipe) => {
      const { comment, command } = blockOf(recipe, values, 'unfilled', shell, ink);
      return ['', ...comment, ...command];
    }),
  ];
}

/**
 * The requests as they can be sent. Secrets are variables, which a command of ours puts into the shell: each time
 * anew, since an earlier request may have brought another code or token.
 */
export function solutionLines(
  recipes: readonly Recipe[],
  values: Values,
  shell: Shell,
  ink: Ink,
): readonly string[] {
  const blocks = recipes.map((recipe) => {
    const { comment, command } = blockOf(recipe, values, 'filled', shell, ink);
    return { comment, command, hasVariable: command.some((line) => VARIABLE.test(line)) };
  });
  const intro = blocks.some(({ hasVariable }) => hasVariable)
    ? `${shell.isPowerShell ? 'Invoke-Expression' : 'eval'} puts the values of that moment into your shell.`
    : '';
  return [
    ...hanging(' Solution: ', intro, ink.width).map((line) =>
      line.replace('Solution', ink.paint.cyan).trimEnd(),
    ),
    ...blocks.flatMap(({ comment, command, hasVariable }) => [
      '',
      ...comment,
      ...(hasVariable ? [shell.envCommand] : []),
      ...command,
    ]),
  ];
}

/** A secret in a command, for either shell. */
const VARIABLE = /\$(?:env:)?\{?[A-Z_]{4,}/;

interface Block {
  readonly comment: readonly string[];
  readonly command: readonly string[];
}

function blockOf(recipe: Recipe, values: Values, mode: Mode, { isPowerShell }: Shell, ink: Ink): Block {
  const command = (isPowerShell ? powerShellOf : curlOf)(recipe, values, mode);
  return {
    comment: commentLines(recipe.note, ink),
    command: command
      .split('\n')
      .flatMap((line) => (line.startsWith(COMMENT) ? commentLines(line.slice(COMMENT.length), ink) : [line])),
  };
}

const COMMENT = '# ';

/** Folded, and each line a comment for both shells, so that all can be copied at once. */
const commentLines = (text: string, ink: Ink): readonly string[] =>
  wrapText(text, ink.width - COMMENT.length).map((line) => ink.paint.dim(`${COMMENT}${line}`));

/** An exercise that is to fail, and the question before it. */
export function exerciseLines(
  text: string,
  { question, choices }: GuessLine,
  hasKeys: boolean,
  ink: Ink,
): readonly string[] {
  return [
    ...marked('open', text, ink),
    ...paragraph(`${hasKeys ? 'A guess first, if you like. ' : ''}${question}`, ink, 3),
    ...choices.flatMap((choice, index) => hanging(`   ${index + 1}  `, choice, ink.width)),
  ];
}

export function guessLines({ choices, given }: GuessLine, ink: Ink): readonly string[] {
  return given === null ? [] : paragraph(`Your guess: ${choices[given] ?? ''}. Send it, and see.`, ink, 3);
}
