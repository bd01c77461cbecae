/** What is printed about each exchange as it arrives. */
import { clip, escapeControls } from '../../../fixtures/output/terminal-text.js';
import type { AppTestResult } from '../../app-test/run.js';
import type { Exercise, Goal } from '../../lessons/lesson.js';
import { SECRET_NAMES, type Values } from '../../lessons/values.js';
import type { Verdict } from '../../watcher/classify.js';
import type { Feedback } from '../../watcher/feedback.js';
import { comparisonLines } from './comparison.js';
import { type LineStyle, marked, paragraph } from './line-style.js';

/** @returns the lines for one exchange; `guesses` are those of the lesson, by exercise */
export function feedLines(
  feedback: Feedback,
  verdict: Verdict,
  guesses: Readonly<Record<string, number>>,
  style: LineStyle,
  textOf: (goal: Goal | Exercise) => string = ({ text }) => text,
): readonly string[] {
  const { request, status, message } = feedback;
  const line = `${clip(escapeControls(request), style.width - 8)} ${status}`;
  switch (verdict.kind) {
    case 'goal':
      return [
        ` ${style.paint.dim(line)}`,
        ...verdict.goals.flatMap((goal) => [
          ...marked('reached', textOf(goal), style),
          ...('guess' in goal ? guessed(goal.guess, guesses[goal.id], style) : []),
        ]),
        ...(verdict.goals.some((goal) => 'lesson' in goal)
          ? paragraph(escapeControls(message), style, 3)
          : []),
        ...clauseLines(feedback, style),
      ];
    case 'mistake':
    case 'near-miss':
    case 'accepted':
    case 'refused':
    case 'fault':
      return [
        ` ${style.paint.dim(line)}`,
        ...marked('wrong', escapeControls(message), style),
        ...(feedback.comparison === null ? [] : comparisonLines(feedback.comparison, style)),
        ...clauseLines(feedback, style),
      ];
    case 'progress':
    case 'repeated':
    case 'unrelated':
      return marked('seen', `${line}. ${escapeControls(message)}`, style);
  }
}

function guessed(
  { choices, answer }: { readonly choices: readonly string[]; readonly answer: number },
  given: number | undefined,
  style: LineStyle,
): readonly string[] {
  if (given === undefined) return [];
  if (given === answer) return paragraph('You guessed right.', style, 3);
  return paragraph(`Your guess: ${choices[given] ?? ''}. Right answer: ${choices[answer] ?? ''}.`, style, 3);
}

/** A clause and its URL, which is never folded. */
function clauseLines({ clause, requirement }: Feedback, style: LineStyle): readonly string[] {
  if (clause === null || requirement === null) return [];
  return [
    ...paragraph(`${clause.text}, requirement ${requirement}`, style, 3).map(style.paint.dim),
    ...(clause.url === null ? [] : [`   ${style.paint.dim(clause.url)}`]),
  ];
}

/** @returns what the learner's app did with each wrong response */
export const appTestLines = ({ message, lines }: AppTestResult, style: LineStyle): readonly string[] => [
  ...lines.flatMap(({ ok, text }) => marked(ok ? 'reached' : 'wrong', text, style)),
  ...paragraph(message, style),
];

const SHORTEST_SECRET = 8;

/** @returns the feedback with every known secret replaced by its name, in case a lesson missed one */
export function masked(feedback: Feedback, values: Values): Feedback {
  const secrets = [...SECRET_NAMES].flatMap((name) => {
    const value = values[name];
    return value === undefined || value.length < SHORTEST_SECRET ? [] : [[name, value] as const];
  });
  const mask = (text: string): string =>
    secrets.reduce((left, [name, value]) => left.replaceAll(value, `[${name}]`), text);
  const { comparison } = feedback;
  return {
    ...feedback,
    request: mask(feedback.request),
    message: mask(feedback.message),
    comparison:
      comparison === null
        ? null
        : {
            expected: mask(comparison.expected),
            sent: mask(comparison.sent),
            difference: mask(comparison.difference),
          },
  };
}
