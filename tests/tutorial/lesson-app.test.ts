/** The lesson on the learner's app, with apps of several kinds. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { yourApp } from '../../tutorial/lessons/your-app/index.js';
import { authorizeApp, openApp, registerApp } from '../../tutorial/lessons/your-app/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { collectVerdicts } from './lesson-verdicts.js';

const STARTER = fileURLToPath(new URL('../../tutorial/samples/starter.js', import.meta.url));

describe("the lesson on the learner's app", () => {
  it("is completed by the starter, which refuses a code it didn't ask for", async () => {
    const tutorial = await Tutorial.open({ lessons: [yourApp] });
    try {
      const learner = tutorial.learner(false);
      await learner.send(registerApp);
      const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = await learner.values();
      const starter = spawn(process.execPath, [STARTER], {
        env: { ...process.env, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(createInterface(starter.stdout), 'line');
        const injected = await fetch(`${REDIRECT_URI}?code=made-up&state=made-up`);
        assert.equal(injected.status, 400);
        await learner.open(openApp);
        await tutorial.settled();
      } finally {
        const ended = once(starter, 'exit');
        starter.kill();
        await ended;
      }
      assert.deepEqual(
        [...tutorial.progress('your-app').reached].sort(),
        yourApp.goals.map(({ id }) => id).sort(),
      );
      assert.equal(tutorial.progress('your-app').status, 'open', 'the test of the app is left');
    } finally {
      await tutorial.close();
    }
  });

  it("isn't completed by the whole flow with curl", async () => {
    const tutorial = await Tutorial.open({ lessons: [yourApp] });
    try {
      const verdicts = collectVerdicts(tutorial);
      const learner = tutorial.learner(false);
      await learner.send(registerApp);
      await learner.open(authorizeApp, { decision: { stop: true } });
      const redeemed = await learner.send(exchangeCode, { form: { code_verifier: '{CODE_VERIFIER}' } });
      assert.equal(redeemed.status, 200);
      const called = await learner.send({
        note: 'call',
        method: 'GET',
        url: '{USERINFO_ENDPOINT}',
        headers: { authorization: 'Bearer {ACCESS_TOKEN}' },
      });
      assert.equal(called.status, 200);
      const refreshed = await learner.send(exchangeCode, {
        form: {
          grant_type: 'refresh_token',
          refresh_token: '{REFRESH_TOKEN}',
          code: null,
          redirect_uri: null,
        },
      });
      assert.equal(refreshed.status, 200);
      await tutorial.settled();
      assert.deepEqual(tutorial.progress('your-app').reached, []);
      const mistakes = verdicts.flatMap((one) => (one.kind === 'mistake' ? [one.mistake.id] : []));
      assert.deepEqual(mistakes, ['by-hand']);
    } finally {
      await tutorial.close();
    }
  });

  it('lists what an app leaves out as still to do', async () => {
    const tutorial = await Tutorial.open({ lessons: [yourApp] });
    try {
      const learner = tutorial.learner(false);
      await learner.send(registerApp);
      await learner.open(authorizeApp, {
        query: { state: null, nonce: null, code_challenge: null, code_challenge_method: null },
        decision: { stop: true },
      });
      const { feedback } = tutorial.view();
      assert.equal(feedback?.id, 'state-missing');
      assert.match(feedback?.message ?? '', /Also missing: nonce and code_challenge\.$/);
      await learner.send(exchangeCode, { headers: { 'user-agent': 'my-app/1' } });
      await tutorial.settled();
      assert.deepEqual(tutorial.progress('your-app').reached, ['signed-in']);
      assert.equal(tutorial.progress('your-app').status, 'open');
    } finally {
      await tutorial.close();
    }
  });

  it("has a starter that says what it's missing", async () => {
    const starter = spawn(process.execPath, [STARTER], { env: { PATH: process.env.PATH }, stdio: 'pipe' });
    let text = '';
    starter.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    const [code] = await once(starter, 'close');
    assert.equal(code, 2);
    assert.equal(text.trim().split('\n').length, 1);
    assert.match(text, /^Set ISSUER, CLIENT_ID, CLIENT_SECRET and REDIRECT_URI/);
  });
});
