/** What the terminal view prints fits any width, has no secret, and is the same in plain mode. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { createPalette } from '../../fixtures/output/terminal-text.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { lessons } from '../../tutorial/lessons/index.js';
import type { Lesson } from '../../tutorial/lessons/lesson.js';
import { drawPicture } from '../../tutorial/lessons/picture.js';
import { authorize, exchangeCode } from '../../tutorial/lessons/steps.js';
import { SECRET_NAMES } from '../../tutorial/lessons/values.js';
import { headLines } from '../../tutorial/views/terminal/head.js';
import { solutionLines } from '../../tutorial/views/terminal/help.js';
import { lineStyleFor } from '../../tutorial/views/terminal/line-style.js';
import { ENV_COMMAND, type Stage, stage, watch } from './terminal-stage.js';

/** Every mistake, all help, a guess, the goals and the exercises of the lesson, and all keys. */
async function playWhole({ tutorial, actions }: Stage): Promise<readonly string[]> {
  const [current] = tutorial.lessons;
  assert.ok(current !== undefined);
  const secrets = new Set<string>();
  const note = () => {
    for (const name of SECRET_NAMES) secrets.add(tutorial.values[name] ?? '');
  };
  const learner = tutorial.learner(false);
  for (const mistake of current.mistakes) {
    await tutorial.reset();
    note();
    await mistake.play(learner);
    await tutorial.settled();
    note();
  }
  await tutorial.reset();
  for (const key of 'hhhhsslo') await actions.press(key);
  await current.play(learner);
  await tutorial.settled();
  note();
  for (const one of current.exercises) {
    for (const key of '2hhhs') await actions.press(key);
    await one.play(learner);
    await tutorial.settled();
    note();
  }
  for (const key of 'hhhsln') await actions.press(key);
  secrets.delete('');
  return [...secrets];
}

/** Addresses and commands stay whole, so that they can be copied. */
function isWhole(line: string): boolean {
  return (
    /https?:\/\//.test(line) || /^(curl|printf|eval|#| {2}-)/.test(line) || line.startsWith('   the-tutorial')
  );
}

describe('the terminal view', () => {
  it('stays within 60, 80 and 120 columns, shows no secret, and says the same in plain mode', async () => {
    const played = await stage();
    const { tutorial } = played;
    const plain = watch(tutorial, 80, true);
    const screens = new Map([
      [60, watch(tutorial, 60, false)],
      [80, played],
      [120, watch(tutorial, 120, false)],
    ]);
    const secrets = await playWhole(played);
    assert.ok(secrets.length >= 6, 'the lesson made secrets');
    assert.equal(played.opened, 1);
    for (const [columns, screen] of screens) {
      const text = screen.printed();
      const long = text.split('\n').filter((line) => line.length > columns && !isWhole(line));
      assert.deepEqual(long, []);
      assert.match(text, /✓ Lesson 1 done/);
      for (const { lesson: printed } of exchange.exercises) {
        assert.ok(text.replaceAll(/\s+/g, ' ').includes(printed), printed);
      }
    }
    for (const screen of [plain, ...screens.values()]) {
      for (const secret of secrets) assert.ok(!screen.transcript().includes(secret), secret);
      assert.doesNotMatch(screen.transcript(), /\\u001b|\\u000d/, 'a control character that would be shown');
    }
    const text = plain.transcript();
    assert.equal(text, stripVTControlCharacters(text));
    assert.doesNotMatch(text, /[✓✗○●◐↑]|h hint/);
    assert.match(text, / to do: Redeem the code/);
    assert.match(text, / wrong: This isn’t the redirect_uri/);
    assert.match(text, /Difference: extra slash at the end/);
    assert.match(text, / done: Redeem the code/);
  });

  it('fits the head of every lesson into 60 columns', () => {
    for (const [index, one] of lessons.entries()) {
      const view = viewLike(one, index);
      for (const line of headLines(view, lineStyleFor(createPalette(false), 60, false))) {
        assert.ok(line.length <= 60 || isWhole(line), line);
      }
    }
  });

  it('writes browser steps as shell comments', () => {
    const shell = { isPowerShell: false, envCommand: ENV_COMMAND };
    const known = {
      AUTHORIZATION_ENDPOINT: 'http://localhost/a',
      CLIENT_ID: 'c',
      STATE: 's',
      REDIRECT_URI: 'r',
    };
    const lines = solutionLines(
      [authorize, exchangeCode],
      known,
      shell,
      lineStyleFor(createPalette(false), 60, false),
    );
    const comments = lines.filter((line) => line.startsWith('# '));
    assert.ok(comments.length >= 4 && comments.every((line) => line.length <= 60), lines.join('\n'));
    assert.equal(lines.filter((line) => line === ENV_COMMAND).length, 1, 'only the second needs secrets');
    assert.ok(lines.indexOf(ENV_COMMAND) > lines.findIndex((line) => line.startsWith('http://localhost/a?')));
  });
});

function viewLike(one: Lesson, index: number) {
  return {
    lessons: lessons.map(({ id, part, title, minutes }) => ({
      id,
      part,
      title,
      minutes,
      status: 'open' as const,
      isCurrent: id === one.id,
    })),
    number: index + 1,
    of: lessons.length,
    lesson: one,
    story: one.story,
    appTest: null,
    picture: one.picture === undefined ? null : drawPicture(one.picture, []),
    goals: [...one.goals, ...one.exercises].map(({ id, text, requirement }) => ({
      id,
      text,
      requirement,
      isExercise: one.exercises.some((exercise) => exercise.id === id),
      isReached: false,
      clause: null,
    })),
    hints: [],
    hintRecipes: null,
    solution: null,
    guess: null,
    feedback: null,
    last: null,
    isDone: false,
    isFinished: false,
    addresses: { issuer: '', page: '', callback: '' },
  };
}
