/** What every lesson must have: `npm run check` fails if anything is missing. */
import { findEntry } from '../../suites/catalog.js';
import type { Exercise, Goal, Lesson, Mistake } from '../lessons/lesson.js';
import type { Recipe } from '../lessons/recipe.js';
import type { Tutorial } from '../tutorial.js';

/** @returns one sentence for each thing that is missing; none if nothing is */
export function findGaps(lessons: readonly Lesson[]): readonly string[] {
  const ids = lessons.map(({ id }) => id);
  const words = lessons.flatMap((lesson) => lesson.words.map(({ word }) => word.toLowerCase()));
  return [
    ...repeated(ids).map((id) => `Two lessons have the id ${id}.`),
    ...repeated(words).map((word) => `The word "${word}" is explained twice.`),
    ...lessons.flatMap((lesson) => findGapsLesson(lesson).map((lack) => `Lesson ${lesson.id}: ${lack}`)),
  ];
}

function findGapsLesson(lesson: Lesson): readonly string[] {
  const { title, story, minutes, why, production, goals, exercises, mistakes } = lesson;
  const parts = [...goals, ...exercises, ...mistakes];
  return [
    ...(title.trim() === '' ? ['it has no title.'] : []),
    ...(story.length === 0 || story.some(isBlank) ? ['it has no story.'] : []),
    ...(minutes > 0 ? [] : ['it doesn’t say how many minutes it takes.']),
    ...(why.some(isBlank) || why.length !== 3 ? ['it needs three lines of why.'] : []),
    ...(isBlank(production) ? ['the line "in production" is missing.'] : []),
    ...(goals.length === 0 ? ['it has no goal.'] : []),
    ...(mistakes.length === 0 ? ['it has no mistake.'] : []),
    ...findGapsHelp('it', lesson),
    ...exercises.flatMap((exercise) => findGapsExercise(exercise)),
    ...repeated(parts.map(({ id }) => id)).map((id) => `the id ${id} is used twice.`),
    ...parts.flatMap((part) => findGapsClause(part)),
  ];
}

function findGapsExercise(exercise: Exercise): readonly string[] {
  const { id, lesson, guess, refusedBy, isExpected } = exercise;
  return [
    ...findGapsHelp(`exercise ${id}`, exercise),
    ...(isBlank(lesson) ? [`exercise ${id} has no lesson.`] : []),
    ...(isBlank(guess.question) || guess.choices.some(isBlank) ? [`exercise ${id} has no question.`] : []),
    ...(refusedBy.length === 0 && isExpected === undefined
      ? [`exercise ${id} names no rule that refuses.`]
      : []),
  ];
}

interface Help {
  readonly hints: readonly string[];
  readonly solution: readonly Recipe[];
  readonly play: unknown;
}

function findGapsHelp(what: string, { hints, solution, play }: Help): readonly string[] {
  return [
    ...(hints.length !== 2 || hints.some(isBlank) ? [`${what} lacks a hint.`] : []),
    ...(solution.length === 0 ? [`${what} has no solution.`] : []),
    ...(typeof play === 'function' ? [] : [`${what} cannot be played.`]),
  ];
}

function findGapsClause({ id, requirement }: Goal | Exercise | Mistake): readonly string[] {
  return findEntry(requirement) === undefined
    ? [`${id} names the requirement "${requirement}", which isn’t in the catalog.`]
    : [];
}

/** @returns one sentence for each goal that is reached before the learner does anything */
export async function findEarlyGoals(tutorial: Tutorial): Promise<readonly string[]> {
  const early: string[] = [];
  for (const { id } of tutorial.lessons) {
    await tutorial.go(id);
    for (const goal of tutorial.progress(id).reached) {
      early.push(`Lesson ${id}: its seed reaches the goal ${goal}.`);
    }
  }
  return early;
}

const isBlank = (text: string): boolean => text.trim() === '';

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
