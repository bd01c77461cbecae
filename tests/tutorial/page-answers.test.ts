/** What the page answers to whoever asks, without a browser: secrets, strangers, redirects with every error. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { authorize, exchangeCode } from '../../tutorial/lessons/steps.js';
import { SECRET_NAMES } from '../../tutorial/lessons/values.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { aligned } from '../../tutorial/views/aligned.js';
import { OAUTH_ERRORS, OIDC_ERRORS } from '../../tutorial/views/page/error-codes.js';
import { createPage } from '../../tutorial/views/page/index.js';
import { ago, IDLE_MS, waitingSection } from '../../tutorial/views/page/waiting.js';

let tutorial: Tutorial;
before(async () => {
  tutorial = await Tutorial.open({ lessons: [exchange] });
  tutorial.serve(createPage(tutorial));
});
after(() => tutorial?.close());
beforeEach(() => tutorial.reset());

const learner = () => tutorial.learner(false);

const sourceOf = async (path: string): Promise<string> =>
  (await fetch(new URL(path, tutorial.addresses.page))).text();

describe('secrets', () => {
  it('appear on no page unless requested', async () => {
    await exchange.play(learner());
    tutorial.solution();
    await learner().send(exchangeCode, { form: { redirect_uri: '{REDIRECT_URI}/' } });
    await tutorial.settled();
    const { values } = tutorial;
    const { CODE = '', STATE = '', ACCESS_TOKEN = '' } = values;
    const known = [...SECRET_NAMES].filter((name) => values[name] !== undefined);
    assert.ok(known.includes('CODE') && known.includes('REFRESH_TOKEN') && known.includes('CLIENT_SECRET'));
    for (const path of [
      '/',
      `/callback?code=${CODE}&state=${STATE}`,
      `/callback?error=access_denied&error_description=with+${ACCESS_TOKEN}`,
      '/token',
      '/page.js',
      '/page.css',
    ]) {
      const text = await sourceOf(path);
      for (const name of known) {
        assert.ok(!text.includes(values[name] ?? ''), `${path.split('?')[0]} holds ${name}`);
      }
    }
  });

  it('appear on no lesson page, with its hints or solution', async () => {
    const own = await Tutorial.open();
    own.serve(createPage(own));
    for (const { id } of own.lessons) {
      await own.go(id);
      for (const show of [() => own.hint(), () => own.hint(), () => own.hint(), () => own.solution()]) {
        show();
        const text = await (await fetch(own.addresses.page)).text();
        for (const name of SECRET_NAMES) {
          const value = own.values[name];
          assert.ok(value === undefined || !text.includes(value), `${id} holds ${name}`);
        }
      }
    }
    await own.close();
  });
});

/** With headers that a browser would not let a page choose. */
async function send(path: string, headers: Record<string, string>, form?: Record<string, string>) {
  const { port } = new URL(tutorial.addresses.page);
  const body = form === undefined ? '' : new URLSearchParams(form).toString();
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    method: form === undefined ? 'GET' : 'POST',
    headers,
  });
  sent.end(body);
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  assert.ok(answer !== undefined);
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, text };
}

describe('requests from elsewhere', () => {
  it('under another host name are refused, whatever they ask', async () => {
    const { port } = new URL(tutorial.addresses.page);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'localhost',
      `localhost:${Number(port) + 1}`,
    ]) {
      for (const path of ['/', '/events', '/callback', '/page.js']) {
        const { status, text } = await send(path, { host });
        assert.equal(status, 421, `${host} ${path}`);
        assert.match(text, /only/);
      }
    }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      assert.equal((await send('/', { host })).status, 200);
    }
  });

  it("change nothing without the page's own origin and token", async () => {
    const { port, origin } = new URL(tutorial.addresses.page);
    const token = /name="token" value="([^"]+)"/.exec(await sourceOf('/'))?.[1] ?? '';
    const plain = { host: `localhost:${port}`, 'content-type': 'application/x-www-form-urlencoded' };
    const refused: [Record<string, string>, Record<string, string>][] = [
      [{ ...plain }, { token }],
      [{ ...plain, origin: 'http://evil.example' }, { token }],
      [{ ...plain, origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }, { token }],
      [{ ...plain, origin: 'null', 'sec-fetch-site': 'cross-site' }, { token }],
      [{ ...plain, origin }, {}],
      [{ ...plain, origin }, { token: `${token.slice(0, -1)}~` }],
      [{ ...plain, origin, 'content-type': 'text/plain' }, { token }],
    ];
    for (const path of ['/do/solution', '/reveal', '/callback?code=a', '/token']) {
      for (const [headers, form] of refused) {
        const { status, text } = await send(path, headers, { ...form, name: 'CLIENT_SECRET' });
        assert.equal(status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.match(text, /wasn’t sent by the page itself/);
      }
    }
    assert.equal(tutorial.view().solution, null);
    const right = { ...plain, origin, 'sec-fetch-site': 'same-origin' };
    assert.equal((await send('/do/solution', right, { token })).status, 303);
    assert.notEqual(tutorial.view().solution, null);
    for (const [path, form] of [
      ['/do/nothing', {}],
      ['/do/go', { lesson: 'none' }],
      ['/reveal', { name: '__proto__' }],
    ] as const) {
      assert.equal((await send(path, right, { token, ...form })).status, 404, path);
    }
    assert.equal((await send('/token', right, { token, id_token: 'x'.repeat(70_000) })).status, 413);
  });

  it('cannot frame a page, and a page loads nothing from elsewhere', async () => {
    const { headers } = await fetch(tutorial.addresses.page);
    const policy = headers.get('content-security-policy') ?? '';
    for (const directive of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
      assert.ok(policy.includes(directive), policy);
    }
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.doesNotMatch(await sourceOf('/'), /<(script|link|img|iframe)[^>]+(src|href)="(https?:)?\/\//);
  });
});

describe('failed preparation', () => {
  it('is reported in one sentence, without internals', async () => {
    let isBroken = false;
    const seed = async () => {
      if (isBroken) throw new Error('inner words');
    };
    const own = await Tutorial.open({ lessons: [{ ...exchange, seed }] });
    own.serve(createPage(own));
    isBroken = true;
    const { origin } = new URL(own.addresses.page);
    const token = /name="token" value="([^"]+)"/.exec(await (await fetch(origin)).text())?.[1] ?? '';
    const body = new URLSearchParams({ token });
    const answer = await fetch(`${origin}/do/reset`, { method: 'POST', body, headers: { origin } });
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /^Something went wrong\. Open the page again/);
    await own.close();
  });
});

describe('callback', () => {
  it('explains every possible error', async () => {
    for (const [code, meaning] of Object.entries({ ...OAUTH_ERRORS, ...OIDC_ERRORS })) {
      const text = await sourceOf(`/callback?error=${code}&state=x`);
      assert.ok(text.includes(meaning) && text.includes('The server sent an error'), code);
    }
    for (const code of ['strange', 'constructor']) {
      assert.match(await sourceOf(`/callback?error=${code}`), /Neither RFC 6749 nor OpenID Connect/);
    }
    assert.equal(Object.keys(OAUTH_ERRORS).length, 7);
    assert.equal(Object.keys(OIDC_ERRORS).length, 9);
  });

  it('compares state and issuer, and names missing, repeated and markup values', async () => {
    await learner().send(authorize);
    await tutorial.settled();
    const { STATE = '', ISSUER = '' } = tutorial.values;
    const right = await sourceOf(`/callback?code=c&state=${STATE}&iss=${encodeURIComponent(ISSUER)}`);
    assert.match(right, /It equals the state of your last authorization request/);
    assert.match(right, /It’s the issuer you asked/);
    const wrong = await sourceOf(`/callback?code=c&state=${STATE}x&iss=http://evil.example`);
    assert.match(wrong, /No authorization request with this state reached the server/);
    assert.match(wrong, /It isn’t the issuer/);
    assert.match(await sourceOf('/callback?code=c'), /state is missing/);
    assert.match(await sourceOf('/callback?code=c&code=d&state=x'), /It appears 2 times/);
    assert.match(await sourceOf('/callback'), /Nothing here yet/);
    const markup = await sourceOf(
      `/callback?error=${encodeURIComponent('<script>alert(1)</script>')}&%3Cb%3E=1`,
    );
    assert.ok(!markup.includes('<script>alert') && !markup.includes('<b>='));
  });
});

describe('small parts', () => {
  it('tutorial commands are written the way it was called', async () => {
    const own = await Tutorial.open({ lessons: [exchange] });
    await own.reset();
    for (const one of [exchange.play, ...exchange.exercises.map(({ play }) => play)])
      await one(own.learner(false));
    await own.settled();
    own.serve(createPage(own, { command: (words) => `tutorial ${words} --state x` }));
    const text = await (await fetch(own.addresses.page)).text();
    assert.ok(text.includes('tutorial --reset --state x'));
    await own.close();
  });

  it('two aligned texts share their ends, and the shorter has a gap', () => {
    const cases = [
      ['http://a/cb', 'http://a/cb/', ['http://a/cb', '', '', 1], ['http://a/cb', '/', '', 0]],
      ['http://a/cb', 'http://b/cb', ['http://', 'a', '/cb', 0], ['http://', 'b', '/cb', 0]],
      ['aa', 'aaa', ['aa', '', '', 1], ['aa', 'a', '', 0]],
      ['', 'x', ['', '', '', 1], ['', 'x', '', 0]],
      ['POST', 'GET', ['', 'POST', '', 0], ['', 'GET', '', 0]],
      ['same', 'same', ['same', '', '', 0], ['same', '', '', 0]],
    ] as const;
    for (const [expected, sent, left, right] of cases) {
      const both = aligned(expected, sent);
      assert.deepEqual(Object.values(both.expected), left);
      assert.deepEqual(Object.values(both.sent), right);
    }
  });

  it('a long wait opens the help', async () => {
    const view = { ...tutorial.view(), last: null };
    const opens = async (ms: number) => /<details[^>]* open>/.test(`${await waitingSection(view, ms, 0)}`);
    assert.deepEqual([await opens(IDLE_MS - 1), await opens(IDLE_MS)], [false, true]);
  });

  it('describes ages in words', () => {
    assert.deepEqual([-5, 12_000, 61_000, 3_600_000].map(ago), [
      '0 s ago',
      '12 s ago',
      '1 min ago',
      '1 h ago',
    ]);
  });
});
