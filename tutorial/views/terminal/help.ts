/** Hints, solutions and the question before an exercise. */
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
    ...hintLines('The whole request; put the right values for what stands in < >.', 3, ink),
    ...recipes.flatMap((recipe) => commandLines(recipe, values, 'unfilled', shell, ink)),
  ];
}

/** The requests as they can be sent. Secrets are variables, which a command of ours puts into the shell. */
export function solutionLines(
  recipes: readonly Recipe[],
  values: Values,
  shell: Shell,
  ink: Ink,
): readonly string[] {
  const commands = recipes.map((recipe) => commandLines(recipe, values, 'filled', shell, ink));
  const hasVariables = commands.flat().some((line) => /\$(?:env:)?\{?[A-Z_]{4,}/.test(line));
  return [
    ` ${ink.paint.cyan('Solution')}`,
    ...(hasVariables
      ? [
          ...paragraph('First put the values of this moment into your shell:', ink),
          '',
          shell.envCommand,
          '',
          ...paragraph('Then send:', ink),
        ]
      : []),
    ...commands.flat(),
  ];
}

function commandLines(
  recipe: Recipe,
  values: Values,
  mode: Mode,
  { isPowerShell }: Shell,
  ink: Ink,
): readonly string[] {
  const command = (isPowerShell ? powerShellOf : curlOf)(recipe, values, mode);
  return ['', ...hanging('# ', recipe.note, ink.width).map(ink.paint.dim), ...command.split('\n')];
}

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
