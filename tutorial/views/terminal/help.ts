/** Hints, solutions and the question before an exercise. */
import { wrapText } from '../../../fixtures/output/terminal-text.js';
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import type { GuessLine } from '../../view.js';
import { curlOf, powerShellOf } from '../commands/index.js';
import type { Mode } from '../commands/pieces.js';
import { hanging, type LineStyle, marked, paragraph } from './line-style.js';

/** @param number from 1 */
export function hintLines(text: string, number: number, style: LineStyle): readonly string[] {
  const start = ` Hint ${number}: `;
  const lines = hanging(start, text, style.width);
  return lines.map((line, index) =>
    index === 0 ? `${style.paint.cyan(line.slice(0, start.length))}${line.slice(start.length)}` : line,
  );
}

export interface Shell {
  readonly isPowerShell: boolean;
  /** Loads the values into the learner's shell. */
  readonly envCommand: string;
}

/** The third hint: the requests with blanks. Commands aren't indented, so that they can be copied as they are. */
export function unfilledLines(
  recipes: readonly Recipe[],
  values: Values,
  shell: Shell,
  style: LineStyle,
): readonly string[] {
  return [
    ...hintLines('The whole request. Replace everything in < > with the right value.', 3, style),
    ...recipes.flatMap((recipe) => {
      const { comment, command } = blockOf(recipe, values, 'unfilled', shell, style);
      return ['', ...comment, ...command];
    }),
  ];
}

/**
 * The requests, ready to send. Secrets are shell variables, loaded by a command before each request, because an
 * earlier request may have returned a new code or token.
 */
export function solutionLines(
  recipes: readonly Recipe[],
  values: Values,
  shell: Shell,
  style: LineStyle,
): readonly string[] {
  const blocks = recipes.map((recipe) => {
    const { comment, command } = blockOf(recipe, values, 'filled', shell, style);
    return { comment, command, hasVariable: command.some((line) => VARIABLE.test(line)) };
  });
  const intro = blocks.some(({ hasVariable }) => hasVariable)
    ? `The ${shell.isPowerShell ? 'Invoke-Expression' : 'eval'} line loads the current values into your shell.`
    : '';
  return [
    ...hanging(' Solution: ', intro, style.width).map((line) =>
      line.replace('Solution', style.paint.cyan).trimEnd(),
    ),
    ...blocks.flatMap(({ comment, command, hasVariable }) => [
      '',
      ...comment,
      ...(hasVariable ? [shell.envCommand] : []),
      ...command,
    ]),
  ];
}

/** The first request of a lesson, ready to send. */
export function startLines(
  recipe: Recipe,
  values: Values,
  shell: Shell,
  style: LineStyle,
): readonly string[] {
  const { command } = blockOf(recipe, values, 'filled', shell, style);
  return [...paragraph('Start here: type this in your second terminal.', style), '', ...command, ''];
}

/** A secret variable in a command, for either shell. */
const VARIABLE = /\$(?:env:)?\{?[A-Z_]{4,}/;

interface Block {
  readonly comment: readonly string[];
  readonly command: readonly string[];
}

function blockOf(
  recipe: Recipe,
  values: Values,
  mode: Mode,
  { isPowerShell }: Shell,
  style: LineStyle,
): Block {
  const command = (isPowerShell ? powerShellOf : curlOf)(recipe, values, mode);
  return {
    comment: commentLines(recipe.note, style),
    command: command
      .split('\n')
      .flatMap((line) =>
        line.startsWith(COMMENT) ? commentLines(line.slice(COMMENT.length), style) : [line],
      ),
  };
}

const COMMENT = '# ';

/** Folded, with each line a comment in both shells, so that everything can be copied at once. */
const commentLines = (text: string, style: LineStyle): readonly string[] =>
  wrapText(text, style.width - COMMENT.length).map((line) => style.paint.dim(`${COMMENT}${line}`));

/** An exercise, and the question before it. */
export function exerciseLines(
  text: string,
  { question, choices }: GuessLine,
  hasKeys: boolean,
  style: LineStyle,
): readonly string[] {
  return [
    ...marked('open', text, style),
    ...paragraph(`${hasKeys ? 'Guess first, if you like. ' : ''}${question}`, style, 3),
    ...choices.flatMap((choice, index) => hanging(`   ${index + 1}  `, choice, style.width)),
  ];
}

export function guessLines({ choices, given }: GuessLine, style: LineStyle): readonly string[] {
  return given === null
    ? []
    : paragraph(`Your guess: ${choices[given] ?? ''}. Now send the request and see.`, style, 3);
}
