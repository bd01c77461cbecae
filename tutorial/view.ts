/** Everything the two views show: one value made from the state, with nothing secret in it. */

import type { SequenceDiagram } from '../fixtures/diagram/sequence.js';
import type { AppTestResult } from './app-test/run.js';
import type { Lesson, Part } from './lessons/lesson.js';
import { drawPicture } from './lessons/picture.js';
import type { Recipe } from './lessons/recipe.js';
import { fillPublic, type Values } from './lessons/values.js';
import type { Addresses } from './local-servers.js';
import { currentStage, type LessonProgress, type LessonStatus } from './progress.js';
import type { ObservedExchange } from './watcher/exchange.js';
import { type Clause, type Feedback, findClause } from './watcher/feedback.js';

export interface TutorialView {
  readonly lessons: readonly LessonLine[];
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly lesson: Lesson;
  /** The paragraphs of the lesson, with values filled in. */
  readonly story: readonly string[];
  /** The lesson's flow with the steps that were seen; null for a lesson with no picture. */
  readonly picture: SequenceDiagram | null;
  readonly goals: readonly GoalLine[];
  /** The first two hints as text; the third is the solution with blanks, in `hintRecipes`. */
  readonly hints: readonly string[];
  readonly hintRecipes: readonly Recipe[] | null;
  /** null until the learner asks for it. */
  readonly solution: readonly Recipe[] | null;
  readonly guess: GuessLine | null;
  /** What the learner's app did with wrong responses; null before it was tested. */
  readonly appTest: AppTestResult | null;
  /** About the last exchange that belongs to the lesson. */
  readonly feedback: Feedback | null;
  /** The last exchange that reached the server at all. */
  readonly last: LastRequest | null;
  readonly isDone: boolean;
  /** Every lesson is done or skipped. */
  readonly isFinished: boolean;
  readonly addresses: Addresses;
}

export interface LessonLine {
  readonly id: string;
  readonly part: Part;
  readonly title: string;
  readonly minutes: number;
  readonly status: LessonStatus;
  readonly isCurrent: boolean;
}

export interface GoalLine {
  readonly id: string;
  readonly text: string;
  readonly isExercise: boolean;
  readonly isReached: boolean;
  readonly requirement: string;
  readonly clause: Clause | null;
}

/** The question before the next exercise. */
export interface GuessLine {
  readonly question: string;
  readonly choices: readonly [string, string, string];
  readonly given: number | null;
}

export interface LastRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly request: string;
  readonly status: number;
}

export interface ViewParts {
  readonly lessons: readonly Lesson[];
  readonly lesson: Lesson;
  readonly progressOf: (id: string) => LessonProgress;
  readonly feedback: Feedback | null;
  readonly last: LastRequest | null;
  readonly addresses: TutorialView['addresses'];
  readonly values: Values;
  /** The exchanges of the lesson, oldest first, with those that prepared it. */
  readonly seen: readonly ObservedExchange[];
  readonly appTest: AppTestResult | null;
}

export function createView({
  lessons,
  lesson,
  progressOf,
  feedback,
  last,
  addresses,
  values,
  seen,
  appTest,
}: ViewParts): TutorialView {
  const progress = progressOf(lesson.id);
  const stage = currentStage(lesson, progress);
  const exercise = stage?.kind === 'exercise' ? stage.exercise : null;
  const help = exercise ?? lesson;
  return {
    lessons: lessons.map(({ id, part, title, minutes }) => ({
      id,
      part,
      title,
      minutes,
      status: progressOf(id).status,
      isCurrent: id === lesson.id,
    })),
    number: lessons.indexOf(lesson) + 1,
    of: lessons.length,
    lesson,
    story: lesson.story.map((text) => fillPublic(text, values)),
    picture: lesson.picture === undefined ? null : drawPicture(lesson.picture, seen),
    goals: goalLines(lesson, progress, values),
    hints: help.hints.slice(0, progress.hints),
    hintRecipes: progress.hints > help.hints.length ? help.solution : null,
    solution: progress.solution ? help.solution : null,
    guess:
      exercise === null
        ? null
        : {
            question: exercise.guess.question,
            choices: exercise.guess.choices,
            given: progress.guesses[exercise.id] ?? null,
          },
    appTest,
    feedback,
    last,
    isDone: stage === null,
    isFinished: lessons.every(({ id }) => progressOf(id).status !== 'open'),
    addresses,
  };
}

function goalLines(
  { goals, exercises }: Lesson,
  { reached }: LessonProgress,
  values: Values,
): readonly GoalLine[] {
  const line = (isExercise: boolean) => (goal: { id: string; text: string; requirement: string }) => ({
    id: goal.id,
    text: fillPublic(goal.text, values),
    isExercise,
    isReached: reached.includes(goal.id),
    requirement: goal.requirement,
    clause: findClause(goal.requirement),
  });
  return [...goals.map(line(false)), ...exercises.map(line(true))];
}
