/** A lesson that lacks something does not pass the authoring gate. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findGaps } from '../../tutorial/authoring/lesson-checks.js';
import { lessons } from '../../tutorial/lessons/index.js';
import type { Lesson } from '../../tutorial/lessons/lesson.js';

const lesson = lessons.find(({ id }) => id === 'exchange');
assert.ok(lesson !== undefined);
const [goal] = lesson.goals;
const [exercise] = lesson.exercises;
const [mistake] = lesson.mistakes;
assert.ok(exercise !== undefined);

const faults: readonly (readonly [string, Lesson, RegExp])[] = [
  ['a hint', { ...lesson, hints: ['', lesson.hints[1]] }, /^Lesson exchange: it lacks a hint\.$/],
  ['the solution', { ...lesson, solution: [] }, /it has no solution\.$/],
  ['the story', { ...lesson, story: [] }, /it has no story\.$/],
  ['a line of why', { ...lesson, why: ['', 'b', 'c'] }, /needs three lines of why\.$/],
  ['the line on production', { ...lesson, production: ' ' }, /"in production" is missing\.$/],
  [
    'the clause of a goal',
    { ...lesson, goals: [{ ...goal, requirement: 'no-such-rule' }] },
    /redeemed names the requirement "no-such-rule", which isn’t in the catalog\.$/,
  ],
  [
    'the clause of a mistake',
    { ...lesson, mistakes: [{ ...mistake, requirement: '' }] },
    /wrong-path names the requirement "", which isn’t in the catalog\.$/,
  ],
  [
    'a hint of an exercise',
    { ...lesson, exercises: [{ ...exercise, hints: ['a', ' '] }] },
    /exercise replayed lacks a hint\.$/,
  ],
  [
    'the solution of an exercise',
    { ...lesson, exercises: [{ ...exercise, solution: [] }] },
    /exercise replayed has no solution\.$/,
  ],
  [
    'the rule of an exercise',
    { ...lesson, exercises: [{ ...exercise, refusedBy: [] }] },
    /exercise replayed names no rule that refuses\.$/,
  ],
];

describe('the authoring gate', () => {
  it('finds nothing in the lessons as they are', () => {
    assert.deepEqual(findGaps(lessons), []);
  });

  for (const [what, broken, expected] of faults) {
    it(`finds that ${what} is missing`, () => {
      const [lack, ...more] = findGaps([broken]);
      assert.match(lack ?? '', expected);
      assert.deepEqual(more, []);
    });
  }

  it('finds two lessons with the same id, and a term explained twice', () => {
    assert.deepEqual(findGaps([lesson, lesson]), [
      'Two lessons have the id exchange.',
      ...lesson.words.map(({ word }) => `The word "${word}" is explained twice.`),
    ]);
  });
});
