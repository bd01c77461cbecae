/** What a lesson must have before anybody learns by it: `npm run check` fails where something is missing. */
import { findEntry } from '../../suites/catalog.js';
import type { Break, Goal, Lesson, Mistake } from '../lessons/lesson.js';
import type { Recipe } from '../lessons/recipe.js';
import type { Tutorial } from '../tutorial.js';

/** @returns one sentence for each thing that a lesson lacks; none when all is there */
export function lacksOf(lessons: readonly Lesson[]): readonly string[] {
  const ids = lessons.map(({ id }) => id);
  const words = lessons.flatMap((lesson) => lesson.words.map(({ word }) => word.toLowerCase()));
  return [
    ...repeated(ids).map((id) => `Two lessons have the id ${id}.`),
    ...repeated(words).map((word) => `The word "${word}" is explained twice.`),
    ...lessons.flatMap((lesson) => lacksOfLesson(lesson).map((lack) => `Lesson ${lesson.id}: ${lack}`)),
  ];
}

function lacksOfLesson(lesson: Lesson): readonly string[] {
  const { title, story, minutes, why, production, goals, breaks, mistakes } = lesson;
  const parts = [...goals, ...breaks, ...mistakes];
  return [
    ...(title.trim() === '' ? ['it has no title.'] : []),
    ...(story.length === 0 || story.some(isBlank) ? ['it has no story.'] : []),
    ...(minutes > 0 ? [] : ['it does not say how many minutes it takes.']),
    ...(why.some(isBlank) || why.length !== 3 ? ['three lines of why are missing.'] : []),
    ...(isBlank(production) ? ['the line "in production" is missing.'] : []),
    ...(goals.length === 0 ? ['it has no goal.'] : []),
    ...(mistakes.length === 0 ? ['it knows no mistake.'] : []),
    ...lacksOfHelp('it', lesson),
    ...breaks.flatMap((exercise) => lacksOfBreak(exercise)),
    ...repeated(parts.map(({ id }) => id)).map((id) => `the id ${id} is used twice.`),
    ...parts.flatMap((part) => lacksOfClause(part)),
  ];
}

function lacksOfBreak(exercise: Break): readonly string[] {
  const { id, lesson, guess, refusedBy, ended } = exercise;
  return [
    ...lacksOfHelp(`exercise ${id}`, exercise),
    ...(isBlank(lesson) ? [`exercise ${id} does not say what was seen.`] : []),
    ...(isBlank(guess.question) || guess.choices.some(isBlank) ? [`exercise ${id} has no question.`] : []),
    ...(refusedBy.length === 0 && ended === undefined ? [`exercise ${id} names no rule that refuses.`] : []),
  ];
}

interface Help {
  readonly hints: readonly string[];
  readonly solution: readonly Recipe[];
  readonly play: unknown;
}

function lacksOfHelp(what: string, { hints, solution, play }: Help): readonly string[] {
  return [
    ...(hints.length !== 2 || hints.some(isBlank) ? [`${what} lacks a hint.`] : []),
    ...(solution.length === 0 ? [`${what} has no solution.`] : []),
    ...(typeof play === 'function' ? [] : [`${what} cannot be played.`]),
  ];
}

function lacksOfClause({ id, requirement }: Goal | Break | Mistake): readonly string[] {
  return findEntry(requirement) === undefined
    ? [`${id} names the requirement "${requirement}", which is not in the catalog.`]
    : [];
}

/** @returns one sentence for each goal that is reached before the learner has done anything */
export async function earlyGoals(tutorial: Tutorial): Promise<readonly string[]> {
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
