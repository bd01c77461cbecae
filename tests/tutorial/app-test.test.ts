/** The test of a learner's app: the starter rejects every wrong response, and a careless app is told what it accepts. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listenOnLoopback } from '../../fixtures/sandbox/listen.js';
import { yourApp } from '../../tutorial/lessons/your-app/index.js';
import { registerApp } from '../../tutorial/lessons/your-app/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';

const STARTER = fileURLToPath(new URL('../../tutorial/samples/starter.js', import.meta.url));

/** Signs in with nothing but the code: as an app that checks nothing. */
function carelessApp(values: Tutorial['values']): Promise<{ close(): Promise<void> }> {
  const { ISSUER, CLIENT_ID = '', CLIENT_SECRET = '', REDIRECT_URI = '' } = values;
  return listenOnLoopback(
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === '/') {
        const query = {
          response_type: 'code',
          client_id: CLIENT_ID,
          redirect_uri: REDIRECT_URI,
          scope: 'openid',
        };
        return Response.redirect(`${ISSUER}/oauth2/authorize?${new URLSearchParams(query)}`, 302);
      }
      const answer = await fetch(`${ISSUER}/v1/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: searchParams.get('code') ?? '',
          redirect_uri: REDIRECT_URI,
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
        }),
      });
      const tokens: unknown = await answer.json();
      assert.ok(typeof tokens === 'object' && tokens !== null);
      if (!('access_token' in tokens)) return new Response('no token', { status: 500 });
      const headers = { authorization: `Bearer ${String(tokens.access_token)}` };
      await (await fetch(`${ISSUER}/v1/oauth2/userinfo`, { headers })).text();
      return new Response('signed in');
    },
    Number(new URL(REDIRECT_URI).port),
  );
}

async function withApp(run: (tutorial: Tutorial) => Promise<void>): Promise<void> {
  const tutorial = await Tutorial.open({ lessons: [yourApp] });
  try {
    await tutorial.learner(true).send(registerApp);
    await tutorial.settled();
    await run(tutorial);
  } finally {
    await tutorial.close();
  }
}

describe("testing the learner's app", () => {
  it('lets the starter pass: it rejects all five wrong responses', () =>
    withApp(async (tutorial) => {
      const starter = spawn(process.execPath, [STARTER], {
        env: { ...process.env, ...tutorial.values },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(starter.stdout, 'data');
        const { exitCode, message, lines } = await tutorial.testApp(null);
        assert.equal(exitCode, 0, [message, ...lines.map(({ text }) => text)].join('\n'));
        assert.deepEqual(
          lines.map(({ id, ok }) => [id, ok]),
          ['state', 'iss', 'signature', 'nonce', 'error'].map((id) => [id, true]),
        );
        assert.ok(tutorial.progress('your-app').reached.includes('app-tested'));
      } finally {
        starter.kill();
        await once(starter, 'exit');
      }
    }));

  it('names what an app that checks nothing accepts', () =>
    withApp(async (tutorial) => {
      const app = await carelessApp(tutorial.values);
      try {
        const { exitCode, message, lines } = await tutorial.testApp(null);
        assert.equal(exitCode, 1);
        assert.equal(message, 'Your app accepted 5 of 5 wrong responses.');
        assert.match(lines[0]?.text ?? '', /^Your app accepted a response with the wrong state\. /);
        assert.match(lines[4]?.text ?? '', /^Your app answered with status 500 to an error response/);
        assert.deepEqual(tutorial.progress('your-app').reached, [], 'nothing of it counts as a sign-in');
      } finally {
        await app.close();
      }
    }));

  it("says if there's no app, or nobody signs in to it", () =>
    withApp(async (tutorial) => {
      const none = await tutorial.testApp(null);
      assert.deepEqual([none.exitCode, none.lines], [2, []]);
      assert.match(none.message, /can’t be opened\. Is your app running\?$/);
      const app = await listenOnLoopback(() => new Response('hello'), 0);
      try {
        const idle = await tutorial.testApp(`http://localhost:${app.port}/`);
        assert.equal(idle.exitCode, 2);
        assert.match(idle.message, /didn’t end in a complete sign-in/);
      } finally {
        await app.close();
      }
    }));
});
