/** What is said at once of each exchange of the learner. */
import { clip, escapeControls } from '../../../scripts/report/terminal/text.js';
import { SECRET_NAMES, type Values } from '../../lessons/values.js';
import type { Feedback } from '../../watcher/feedback.js';
import type { Verdict } from '../../watcher/judge.js';
import { comparisonLines } from './comparison.js';
import { type Ink, marked, paragraph } from './ink.js';

/** @returns the lines for one exchange; `guesses` are those of the lesson, by exercise */
export function feedLines(
  feedback: Feedback,
  verdict: Verdict,
  guesses: Readonly<Record<string, number>>,
  ink: Ink,
): readonly string[] {
  const { request, status, message } = feedback;
  const line = `${clip(escapeControls(request), ink.width - 8)} ${status}`;
  switch (verdict.kind) {
    case 'goal':
      return [
        ` ${ink.paint.dim(line)}`,
        ...verdict.goals.flatMap((goal) => [
          ...marked('reached', goal.text, ink),
          ...('guess' in goal ? guessed(goal.guess, guesses[goal.id], ink) : []),
        ]),
        ...(verdict.goals.some((goal) => 'lesson' in goal) ? paragraph(escapeControls(message), ink, 3) : []),
        ...clauseLines(feedback, ink),
      ];
    case 'mistake':
    case 'near-miss':
    case 'accepted':
    case 'refused':
    case 'fault':
      return [
        ` ${ink.paint.dim(line)}`,
        ...marked('wrong', escapeControls(message), ink),
        ...(feedback.comparison === null ? [] : comparisonLines(feedback.comparison, ink)),
        ...clauseLines(feedback, ink),
      ];
    case 'progress':
    case 'unrelated':
      return marked('seen', `${line}. ${escapeControls(message)}`, ink);
  }
}

function guessed(
  { choices, answer }: { readonly choices: readonly string[]; readonly answer: number },
  given: number | undefined,
  ink: Ink,
): readonly string[] {
  if (given === undefined) return [];
  if (given === answer) return paragraph('You guessed right.', ink, 3);
  return paragraph(`You guessed: ${choices[given] ?? ''}. It is: ${choices[answer] ?? ''}.`, ink, 3);
}

/** A clause and where to read it; the address stays whole. */
function clauseLines({ clause, requirement }: Feedback, ink: Ink): readonly string[] {
  if (clause === null || requirement === null) return [];
  return [
    ...paragraph(`${clause.text}, requirement ${requirement}`, ink, 3).map(ink.paint.dim),
    ...(clause.url === null ? [] : [`   ${ink.paint.dim(clause.url)}`]),
  ];
}

const SHORTEST_SECRET = 8;

/** @returns the feedback with every secret that is known now replaced by its name: a lesson may have overlooked one */
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
