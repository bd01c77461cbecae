/** The learner's progress as plain data, and the pure functions that change it. */
import type { Exercise, Goal, Lesson } from './lessons/lesson.js';
import type { Verdict } from './watcher/classify.js';

export type LessonStatus = 'open' | 'done' | 'done-with-solution' | 'skipped';

export interface LessonProgress {
  readonly status: LessonStatus;
  /** Ids of goals and exercises. */
  readonly reached: readonly string[];
  /** Hints opened for the current stage: 0 to 3. */
  readonly hints: number;
  /** Whether the solution of the current stage is shown. */
  readonly solution: boolean;
  /** Whether a solution was ever shown in this lesson. */
  readonly helped: boolean;
  /** By the id of the exercise. */
  readonly guesses: Readonly<Record<string, number>>;
  /** How often each mistake was made. */
  readonly mistakes: Readonly<Record<string, number>>;
}

export const NOT_STARTED: LessonProgress = {
  status: 'open',
  reached: [],
  hints: 0,
  solution: false,
  helped: false,
  guesses: {},
  mistakes: {},
};

export const MOST_HINTS = 3;

/** The goals come first, then each exercise; null when everything is done. */
export type Stage =
  | { readonly kind: 'goals' }
  | { readonly kind: 'exercise'; readonly exercise: Exercise }
  | null;

/** @returns what the learner is working on */
export function currentStage(lesson: Lesson, { reached }: LessonProgress): Stage {
  if (lesson.goals.some(({ id }) => !reached.includes(id))) return { kind: 'goals' };
  const exercise = lesson.exercises.find(({ id }) => !reached.includes(id));
  return exercise === undefined ? null : { kind: 'exercise', exercise };
}

/** @returns the progress after an exchange with this verdict */
export function applyVerdict(lesson: Lesson, progress: LessonProgress, verdict: Verdict): LessonProgress {
  if (verdict.kind === 'goal') return applyGoals(lesson, progress, verdict.goals);
  if (verdict.kind !== 'mistake') return progress;
  const { id } = verdict.mistake;
  const times = (progress.mistakes[id] ?? 0) + 1;
  return {
    ...progress,
    mistakes: { ...progress.mistakes, [id]: times },
    // The same mistake twice: the first hint opens by itself.
    hints: times >= 2 ? Math.max(progress.hints, 1) : progress.hints,
  };
}

function applyGoals(
  lesson: Lesson,
  progress: LessonProgress,
  goals: readonly (Goal | Exercise)[],
): LessonProgress {
  const before = currentStage(lesson, progress);
  const moved = { ...progress, reached: [...progress.reached, ...goals.map(({ id }) => id)] };
  const stage = currentStage(lesson, moved);
  const isSame = stage?.kind === 'goals' && before?.kind === 'goals';
  return {
    ...moved,
    ...(isSame ? {} : { hints: 0, solution: false }),
    status: stage === null ? (progress.helped ? 'done-with-solution' : 'done') : progress.status,
  };
}
