/** The terminal view: what it says of a learner's requests, within any width, and never a secret. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { createPalette } from '../../fixtures/output/terminal-text.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { type Lesson, lesson } from '../../tutorial/lessons/lesson.js';
import { drawPicture } from '../../tutorial/lessons/picture.js';
import { authorize, exchangeCode } from '../../tutorial/lessons/steps.js';
import { SECRET_NAMES } from '../../tutorial/lessons/values.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { headLines } from '../../tutorial/views/terminal/head.js';
import { solutionLines } from '../../tutorial/views/terminal/help.js';
import { IDLE_MS } from '../../tutorial/views/terminal/idle.js';
import { lineStyleFor } from '../../tutorial/views/terminal/line-style.js';
import { ENV_COMMAND, open, type Stage, stage, watch } from './terminal-stage.js';

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

  it('opens hints one by one, the first automatically after the same mistake twice', async () => {
    const { tutorial, actions, printed } = await stage();
    const learner = tutorial.learner(false);
    const wrong = async () => {
      await learner.send(exchangeCode, { form: { redirect_uri: null } });
      await tutorial.settled();
    };
    printed();
    await wrong();
    assert.doesNotMatch(printed(), /Hint/);
    await wrong();
    assert.match(printed(), / ✗ redirect_uri is missing[\s\S]*Hint 1: It’s one POST/);
    await actions.press('h');
    const second = printed();
    assert.match(second, /Hint 2: The form has/);
    assert.doesNotMatch(second, /Hint 1/);
    await actions.press('h');
    assert.match(printed(), /Hint 3: [\s\S]*code=<CODE>/);
    await actions.press('h');
    assert.match(printed(), /Hint 3: /, 'the last one can be read again');
    await actions.press('s');
    const solution = printed();
    assert.ok(solution.includes(`\n${ENV_COMMAND}\ncurl -i `), solution);
    assert.ok(solution.includes('"client_secret=$CLIENT_SECRET"'));
    assert.ok(solution.includes(`'client_id=${tutorial.values.CLIENT_ID}'`));
    await actions.press('s');
    assert.equal(printed(), solution);
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

  it('asks for a guess and says whether it was right', async () => {
    const { tutorial, actions, printed } = await stage();
    const learner = tutorial.learner(false);
    await learner.send(exchangeCode);
    await tutorial.settled();
    assert.match(printed(), /○ Send the same code again[\s\S]*1 {2}The same tokens\n {3}2 {2}New/);
    await actions.press('1');
    assert.match(printed(), /Your guess: The same tokens\./);
    await actions.press('3');
    assert.match(printed(), /Your guess: An error\./);
    await learner.send(exchangeCode);
    await tutorial.settled();
    const ended = printed();
    assert.match(ended, /✓ Send the same code again[\s\S]*You guessed right\.[\s\S]*A code works once/);
    assert.match(ended, /In production: redeem the code immediately[\s\S]*All 1 lessons done/);
    assert.match(ended, /the-tutorial --reset/);
  });

  it('asks before it skips or restarts what was done', async () => {
    const next = lesson({ ...exchange, id: 'following', part: 'C', title: 'The following' });
    const { tutorial, actions, printed } = await stage([exchange, next]);
    printed();
    await actions.press('n');
    assert.match(printed(), /Press n again to skip this lesson/);
    await actions.press('l');
    await actions.press('n');
    assert.equal(tutorial.view().lesson.id, 'exchange');
    await actions.press('r');
    assert.match(printed(), /1 of 2 {2}Exchange the code/, 'nothing was reached: restarts at once');
    await exchange.play(tutorial.learner(false));
    await tutorial.settled();
    await actions.press('r');
    assert.match(printed(), /Press r again to restart this lesson/);
    assert.deepEqual(tutorial.progress('exchange').reached, ['redeemed']);
    await actions.press('r');
    assert.deepEqual(tutorial.progress('exchange').reached, []);
    assert.match(printed(), /○ Redeem the code/);
    await exchange.play(tutorial.learner(false));
    for (const one of exchange.exercises) await one.play(tutorial.learner(false));
    await tutorial.settled();
    assert.match(
      printed(),
      /That was part B, Signing a user in: a good place to stop[\s\S]*Press n for the next lesson: The following/,
    );
    await actions.press('n');
    assert.match(printed(), /2 of 2 {2}The following {3}●◐ {2}about 4 minutes/);
    await actions.press('n');
    await actions.press('n');
    assert.match(printed(), /That’s the end: 1 of 2 lessons done, 1 skipped[\s\S]*--lesson following/);
  });

  it('helps after 90 seconds of silence, once, and not after the end', async () => {
    const { tutorial, clock, printed } = await stage();
    printed();
    clock.pass(IDLE_MS - 1);
    assert.equal(printed(), '');
    clock.pass(1);
    const idle = printed();
    assert.match(idle, /The server hasn’t received a request from you yet/);
    const [, command = ''] = /^curl -i '(.*)'$/m.exec(idle) ?? [];
    assert.equal((await fetch(command)).status, 200, 'the probe works');
    await tutorial.settled();
    assert.match(printed(), /GET \/\.well-known\/openid-configuration 200/);
    clock.pass(IDLE_MS);
    assert.match(printed(), /The last request came 90 s ago: GET \/\.well-known/);
    clock.pass(10 * IDLE_MS);
    assert.equal(printed(), '');
    await exchange.play(tutorial.learner(false));
    for (const one of exchange.exercises) await one.play(tutorial.learner(false));
    await tutorial.settled();
    printed();
    clock.pass(IDLE_MS);
    assert.equal(printed(), '');
  });

  it('after one of several goals, says which are left', async () => {
    const [goal] = exchange.goals;
    const twice = { ...goal, id: 'twice', text: 'Redeem another one.', reached: () => false };
    const { tutorial, printed } = await stage([lesson({ ...exchange, goals: [goal, twice] })]);
    printed();
    await exchange.play(tutorial.learner(false));
    await tutorial.settled();
    assert.match(printed(), /✓ Redeem the code[\s\S]*○ Redeem another one\./);
  });

  it('reports the same unrelated request once', async () => {
    const { tutorial, printed } = await stage();
    printed();
    for (let count = 0; count < 3; count += 1) await fetch(`${tutorial.values.ISSUER}/favicon.ico`);
    await tutorial.settled();
    assert.equal(printed().match(/favicon/g)?.length, 1);
  });
});

it("a lesson that throws doesn't end the tutorial", async () => {
  const kinds: string[] = [];
  const [mistake] = exchange.mistakes;
  const broken = {
    ...mistake,
    find: () => {
      throw new Error('broken');
    },
  };
  const tutorial = await Tutorial.open({
    lessons: [lesson({ ...exchange, mistakes: [broken] })],
  });
  open.push(tutorial);
  tutorial.onEvent((event) => {
    if (event.kind === 'exchange') kinds.push(event.verdict.kind);
  });
  const learner = tutorial.learner(false);
  await learner.send(exchangeCode, { form: { redirect_uri: null } });
  await exchange.play(learner);
  await tutorial.settled();
  assert.deepEqual(kinds, ['fault', 'goal']);
  assert.deepEqual(tutorial.progress('exchange').reached, ['redeemed']);
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
