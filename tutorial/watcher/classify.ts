/** What an exchange means for the current lesson. Pure functions. */
import type { Exercise, Finding, Goal, Lesson, LessonContext, Mistake } from '../lessons/lesson.js';
import { isRefused, type ObservedExchange } from './exchange.js';

export type Verdict =
  /** Goals were reached, or an exercise ended as it must. */
  | { readonly kind: 'goal'; readonly goals: readonly (Goal | Exercise)[] }
  | { readonly kind: 'mistake'; readonly mistake: Mistake; readonly finding: Finding }
  /** The attempt at an exercise was refused for a reason other than the intended one. */
  | { readonly kind: 'near-miss'; readonly exercise: Exercise; readonly because: string }
  /** The server accepted what it must refuse. */
  | { readonly kind: 'accepted'; readonly exercise: Exercise }
  | { readonly kind: 'refused' }
  /** Fine, but not a goal. */
  | { readonly kind: 'progress' }
  /** A goal that was reached before, once more. */
  | { readonly kind: 'repeated'; readonly goal: Goal }
  | { readonly kind: 'unrelated' }
  /** A bug in the tutorial: the lesson goes on. */
  | { readonly kind: 'fault'; readonly because: string };

/** Like `classify`, but never throws: a bug in a lesson must not end the tutorial. */
export function classifySafely(lesson: Lesson, exchange: ObservedExchange, context: LessonContext): Verdict {
  try {
    return classify(lesson, exchange, context);
  } catch (problem) {
    return { kind: 'fault', because: problem instanceof Error ? problem.message : String(problem) };
  }
}

/**
 * @returns goals first, then the exercise that is next, then known mistakes
 */
function classify(lesson: Lesson, exchange: ObservedExchange, context: LessonContext): Verdict {
  const { reached } = context;
  const open = lesson.goals.filter(({ id }) => !reached.has(id));
  const goals = open.filter((goal) => goal.reached(exchange, context));
  if (goals.length > 0) return { kind: 'goal', goals };
  if (open.length === 0) {
    const verdict = classifyAttempt(lesson, exchange, context);
    if (verdict !== null) return verdict;
  }
  for (const mistake of lesson.mistakes) {
    const finding = mistake.find(exchange, context);
    if (finding !== null) return { kind: 'mistake', mistake, finding };
  }
  if (!isAbout(lesson, exchange, context)) return { kind: 'unrelated' };
  if (isRefused(exchange)) return { kind: 'refused' };
  const repeated = lesson.goals.find((goal) => reached.has(goal.id) && goal.reached(exchange, context));
  return repeated === undefined ? { kind: 'progress' } : { kind: 'repeated', goal: repeated };
}

function isAbout(
  { about, aboutSample }: Lesson,
  exchange: ObservedExchange,
  context: LessonContext,
): boolean {
  if (exchange.endpoint !== null) return about.includes(exchange.endpoint);
  return aboutSample?.(exchange, context) ?? false;
}

/** The learner may do the exercises in any order; an attempt that ended differently counts for the first one it matches. */
function classifyAttempt(
  { exercises }: Lesson,
  exchange: ObservedExchange,
  context: LessonContext,
): Verdict | null {
  const tried = exercises.filter((one) => !context.reached.has(one.id) && one.isAttempt(exchange, context));
  const ended = tried.filter((one) => endedAsExpected(one, exchange, context));
  if (ended.length > 0) return { kind: 'goal', goals: ended };
  const [exercise] = tried;
  if (exercise === undefined) return null;
  return isRefused(exchange)
    ? { kind: 'near-miss', exercise, because: serverReason(exchange) }
    : { kind: 'accepted', exercise };
}

function endedAsExpected(one: Exercise, exchange: ObservedExchange, context: LessonContext): boolean {
  if (one.isExpected !== undefined) return one.isExpected(exchange, context);
  return isRefused(exchange) && exchange.rule !== null && one.refusedBy.includes(exchange.rule);
}

/** The sandbox's own reason, which the response may not have, and its clause. */
export function serverReason({ reason, description, error, clause, status }: ObservedExchange): string {
  const words = reason ?? description ?? error ?? `status ${status}`;
  return clause === null ? words : `${words} (${clause})`;
}
