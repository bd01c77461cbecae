/** What an exchange means for the lesson at hand. Pure: it neither remembers nor shows. */
import type { Break, Finding, Goal, Lesson, Mistake, Scene } from '../lessons/lesson.js';
import type { Seen } from './seen.js';

export type Verdict =
  /** Goals were reached, or a break exercise ended as it must. */
  | { readonly kind: 'goal'; readonly goals: readonly (Goal | Break)[] }
  | { readonly kind: 'mistake'; readonly mistake: Mistake; readonly finding: Finding }
  /** The attempt of a break exercise was refused for another reason than the one to be shown. */
  | { readonly kind: 'near-miss'; readonly exercise: Break; readonly because: string }
  /** The server accepted what it must refuse. */
  | { readonly kind: 'accepted'; readonly exercise: Break }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'progress' }
  | { readonly kind: 'unrelated' }
  /** Our own fault: the lesson goes on. */
  | { readonly kind: 'fault'; readonly because: string };

/** Judges, and never throws: a fault in a lesson must not end the tutorial. */
export function judgeSafely(lesson: Lesson, exchange: Seen, scene: Scene): Verdict {
  try {
    return judge(lesson, exchange, scene);
  } catch (problem) {
    return { kind: 'fault', because: problem instanceof Error ? problem.message : String(problem) };
  }
}

/**
 * @returns goals first, then the exercise that is next, then known mistakes
 */
export function judge(lesson: Lesson, exchange: Seen, scene: Scene): Verdict {
  const { reached } = scene;
  const open = lesson.goals.filter(({ id }) => !reached.has(id));
  const goals = open.filter((goal) => goal.reached(exchange, scene));
  if (goals.length > 0) return { kind: 'goal', goals };
  if (open.length === 0) {
    const verdict = judgeBreaks(lesson, exchange, scene);
    if (verdict !== null) return verdict;
  }
  for (const mistake of lesson.mistakes) {
    const finding = mistake.find(exchange, scene);
    if (finding !== null) return { kind: 'mistake', mistake, finding };
  }
  if (!isAbout(lesson, exchange, scene)) return { kind: 'unrelated' };
  return isRefused(exchange) ? { kind: 'refused', because: reasonOf(exchange) } : { kind: 'progress' };
}

function isAbout({ about, aboutSample }: Lesson, exchange: Seen, scene: Scene): boolean {
  if (exchange.endpoint !== null) return about.includes(exchange.endpoint);
  return aboutSample?.(exchange, scene) ?? false;
}

/** Any of the exercises may come first; only an attempt that nothing fits is told of the next one. */
function judgeBreaks({ breaks }: Lesson, exchange: Seen, scene: Scene): Verdict | null {
  const tried = breaks.filter((one) => !scene.reached.has(one.id) && one.tried(exchange, scene));
  const ended = tried.filter((one) => endedWell(one, exchange, scene));
  if (ended.length > 0) return { kind: 'goal', goals: ended };
  const [exercise] = tried;
  if (exercise === undefined) return null;
  return isRefused(exchange)
    ? { kind: 'near-miss', exercise, because: reasonOf(exchange) }
    : { kind: 'accepted', exercise };
}

function endedWell(one: Break, exchange: Seen, scene: Scene): boolean {
  if (one.ended !== undefined) return one.ended(exchange, scene);
  return isRefused(exchange) && exchange.rule !== null && one.refusedBy.includes(exchange.rule);
}

/** By status, or by an error that a redirect carries to the client. */
export const isRefused = ({ status, error }: Seen): boolean => status >= 400 || error !== null;

/** What the server knew, in its own words, and the clause. */
export function reasonOf({ description, error, clause, status }: Seen): string {
  const words = description ?? error ?? `status ${status}`;
  return clause === null ? words : `${words} (${clause})`;
}
