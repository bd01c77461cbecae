/** The terminal view: what it says of a learner's requests and keys. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { lesson } from '../../tutorial/lessons/lesson.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { IDLE_MS } from '../../tutorial/views/terminal/idle.js';
import { ENV_COMMAND, open, stage } from './terminal-stage.js';

describe('the terminal view', () => {
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
