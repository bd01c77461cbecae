/** The tutorial's page as people meet it: by keyboard, without scripts, and as somebody who means it ill. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findBrowser } from '../../fixtures/person/browser.js';
import { exchange } from '../../tutorial/lessons/exchange.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { SECRET_NAMES } from '../../tutorial/lessons/values.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { aligned } from '../../tutorial/views/aligned.js';
import { OAUTH_ERRORS, OIDC_ERRORS } from '../../tutorial/views/page/errors.js';
import { pageOf } from '../../tutorial/views/page/index.js';
import { ago, IDLE_MS, waitingSection } from '../../tutorial/views/page/waiting.js';

/** A second one, of another part, to go on to. */
const again = { ...exchange, id: 'again', part: 'C' as const, title: 'Exchange another code' };

let browser: Browser;
let tutorial: Tutorial;
before(async () => {
  const { launch, reason } = await findBrowser();
  assert.ok(launch !== null, reason);
  [browser, tutorial] = await Promise.all([
    chromium.launch(launch),
    Tutorial.open({ lessons: [exchange, again] }),
  ]);
  tutorial.serve(pageOf(tutorial));
});
after(async () => {
  await tutorial?.close();
  await browser?.close();
});
beforeEach(async () => {
  await tutorial.reset('again');
  await tutorial.reset('exchange');
  await tutorial.go('exchange');
});

const learner = () => tutorial.learner(false);
const wrongRedirect = () => learner().send(exchangeCode, { form: { redirect_uri: '{REDIRECT_URI}/' } });

async function openPage(path: string, scripts: boolean): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: scripts });
  const page = await context.newPage();
  await page.goto(new URL(path, tutorial.addresses.page).href);
  return page;
}

const sourceOf = async (path: string): Promise<string> =>
  (await fetch(new URL(path, tutorial.addresses.page))).text();

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? '');

/** Presses Tab until the control has the focus. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused(page)) === id) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`#${id} is not reached by the keyboard`);
}

describe('with scripts', () => {
  it('a lesson is walked through by keyboard alone, and what happens is shown and told at once', async () => {
    const page = await openPage('/', true);
    const said = page.locator('#said');
    await page.locator('#content[data-events]').waitFor();

    await tabTo(page, 'do-hint');
    await page.keyboard.press('Enter');
    await said.getByText('It is one POST to the token endpoint').waitFor({ state: 'attached' });
    assert.equal(await focused(page), 'do-hint');
    await page.keyboard.press('Enter');
    await page.locator('.hints li:nth-child(2)').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#hint-request:focus').waitFor();

    await tabTo(page, 'hint-curl');
    await page.keyboard.press('ArrowRight');
    await page.locator('.panel-powershell').waitFor();
    assert.ok(await page.locator('.panel-curl').isHidden());

    await wrongRedirect();
    await page.locator('#feedback.mistake').waitFor();
    await said.getByText('redirect_uri is not the one').waitFor({ state: 'attached' });
    assert.equal(await page.locator('.compared mark').textContent(), '/');
    assert.match((await page.locator('.compared').textContent()) ?? '', /one slash more at the end/);
    assert.equal(await focused(page), 'hint-powershell');
    assert.ok(await page.locator('.panel-powershell').isVisible());

    await exchange.play(learner());
    await tabTo(page, 'guess-2');
    await page.keyboard.press('Enter');
    await page.locator('#guess-2[aria-pressed=true]').waitFor();
    assert.equal(await focused(page), 'guess-2');

    await exchange.breaks[0]?.play(learner());
    await page.getByText('Your guess: An error. That was right.').waitFor();
    await page.getByText('a good place to stop').waitFor();
    await said.getByText('Lesson done.').waitFor({ state: 'attached' });

    await tabTo(page, 'next');
    await page.keyboard.press('Enter');
    await page.locator('#lesson[data-lesson=again]:focus').waitFor();
    await page.context().close();
  });

  it('a secret comes when it is asked for, and goes again', async () => {
    const page = await openPage('/', true);
    const { CODE = '' } = tutorial.values;
    assert.ok(!(await page.content()).includes(CODE));
    await page.click('#reveal-CODE');
    await page.getByText(CODE, { exact: true }).waitFor();
    await page.click('#reveal-CODE');
    await page.getByText(CODE, { exact: true }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('two pages show the same state', async () => {
    const [one, other] = await Promise.all([openPage('/', true), openPage('/', true)]);
    await one.click('#do-hint');
    await other.locator('.hints li').waitFor();
    await Promise.all([one.context().close(), other.context().close()]);
  });

  it('says what it waits for, and when the tutorial has ended', async () => {
    const own = await Tutorial.open({ lessons: [exchange] });
    own.serve(pageOf(own));
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(own.addresses.page);
    const waiting = (await page.locator('.waiting').textContent()) ?? '';
    assert.equal(waiting, `Nothing has reached me at ${own.addresses.issuer} yet.`);
    assert.ok(await page.locator('#lost').isHidden());
    await own.close();
    await page.locator('#lost').waitFor();
    await context.close();
  });
});

describe('without scripts', () => {
  it('everything is there: hints, solution in four languages, feedback by reload, reveal', async () => {
    const page = await openPage('/', false);
    await page.click('#do-hint');
    await page.getByText('It is one POST to the token endpoint').waitFor();
    await page.click('#do-solution');
    for (const language of ['powershell', 'fetch', 'http', 'curl']) {
      await page.click(`label[for=solution-${language}]`);
      await page.locator(`.panel-${language} pre`).waitFor();
    }
    const probe = (await page.locator('#nothing pre').textContent()) ?? '';
    const { stdout } = await promisify(execFile)('sh', ['-c', probe], { env: { PATH: process.env.PATH } });
    assert.match(stdout, /^HTTP\/1\.1 200 [\s\S]*"authorization_endpoint"/);
    assert.match((await page.locator('.panel-curl pre').textContent()) ?? '', /"code=\$CODE"/);
    assert.equal(await page.locator('.copy:visible').count(), 0);

    await wrongRedirect();
    await page.reload();
    assert.match((await page.locator('.waiting').textContent()) ?? '', /s ago POST \/v1\/oauth2\/token 400/);
    assert.equal(await page.locator('#feedback h2').textContent(), 'Not yet');

    const { CODE = '', CLIENT_SECRET = '', STATE = '' } = tutorial.values;
    await page.click('#reveal-CLIENT_SECRET');
    assert.equal(await page.locator('main .value').textContent(), CLIENT_SECRET);
    await page.goto(new URL(`/callback?code=${CODE}&state=${STATE}`, page.url()).href);
    await page.click('#reveal-code');
    assert.equal(await page.locator('.value').first().textContent(), CODE);
    await page.context().close();
  });

  it('goes on, back and to the end, and then tells how to begin anew', async () => {
    const page = await openPage('/', false);
    assert.match((await page.locator('.eyebrow').textContent()) ?? '', /Lesson 1 of 2, about 4 minutes/);
    await page.click('#next');
    assert.equal(await page.locator('h1').textContent(), again.title);
    await page.click('#go-exchange');
    assert.equal(await page.locator('h1').textContent(), exchange.title);
    await exchange.play(learner());
    await exchange.breaks[0]?.play(learner());
    await page.reload();
    assert.equal(await page.locator('#next').textContent(), 'Next lesson');
    await page.click('#next');
    await page.click('#next');
    assert.match(
      (await page.locator('main > section').first().textContent()) ?? '',
      /All done[\s\S]*Skipped, and still there to be done: Exchange another code[\s\S]*--reset/,
    );
    await page.click('#reset');
    assert.equal(await page.getByRole('heading', { name: 'All done' }).count(), 0);
    await page.context().close();
  });
});

describe('secrets', () => {
  it('stand in no page that is not asked for one', async () => {
    await exchange.play(learner());
    tutorial.solution();
    await wrongRedirect();
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
  it('by another name of this machine are refused, whatever they ask', async () => {
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

  it('change nothing without the page’s own origin and its token', async () => {
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
        assert.match(text, /not sent by the page itself/);
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

describe('callback', () => {
  it('explains every error that can come', async () => {
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

  it('compares state and issuer, and tells what is missing, double or markup', async () => {
    const { STATE = '', ISSUER = '' } = tutorial.values;
    const right = await sourceOf(`/callback?code=c&state=${STATE}&iss=${encodeURIComponent(ISSUER)}`);
    assert.match(right, /It equals the state/);
    assert.match(right, /It is the issuer that you asked/);
    const wrong = await sourceOf(`/callback?code=c&state=${STATE}x&iss=http://evil.example`);
    assert.match(wrong, /It is not the state/);
    assert.match(wrong, /It is not the issuer/);
    assert.match(await sourceOf('/callback?code=c'), /state is missing/);
    assert.match(await sourceOf('/callback?code=c&code=d&state=x'), /It is there 2 times/);
    assert.match(await sourceOf('/callback'), /Nothing has arrived here/);
    const markup = await sourceOf(
      `/callback?error=${encodeURIComponent('<script>alert(1)</script>')}&%3Cb%3E=1`,
    );
    assert.ok(!markup.includes('<script>alert') && !markup.includes('<b>='));
  });
});

describe('ID Token', () => {
  it('is read, and verified by what is given for it', async () => {
    const before = await sourceOf('/token');
    assert.match(before, /<textarea/);
    await exchange.play(learner());
    const page = await openPage('/token', false);
    assert.match(
      (await page.locator('main').textContent()) ?? '',
      /The last ID Token[\s\S]*not verified[\s\S]*RS256/,
    );
    await page.fill('#id_token', 'no token');
    await page.click('#explain');
    assert.match((await page.locator('[role=alert]').textContent()) ?? '', /This is no ID Token/);
    await page.context().close();
  });

  it('shows each step with what came of it', async () => {
    const asked: string[] = [];
    tutorial.serve(
      pageOf(tutorial, {
        explainToken: async (token) => {
          asked.push(token);
          return {
            header: { alg: 'none', constructor: 'x' },
            explained: [{ name: 'aud', value: '["<b>"]', text: 'For whom it is.' }],
            steps: [
              { step: 2, ok: true, text: 'It is the issuer.' },
              { step: 6, ok: false, text: 'There is no signature.' },
            ],
          };
        },
      }),
    );
    const page = await openPage('/token', false);
    await page.fill('#id_token', ' a.b.c ');
    await page.click('#explain');
    const text = (await page.locator('main').textContent()) ?? '';
    assert.match(
      text,
      /1 of 2 steps fail[\s\S]*2\. Holds: It is the issuer\.[\s\S]*6\. Fails: There is no signature/,
    );
    assert.doesNotMatch(text, /native code/);
    assert.match(text, /aud\["<b>"\]For whom it is\./);
    assert.equal(asked.at(-1), 'a.b.c');
    assert.ok(!(await page.content()).includes('a.b.c'));
    await page.context().close();
    tutorial.serve(pageOf(tutorial));
  });
});

describe('small parts', () => {
  it('two texts in line share their ends, and the shorter has a gap', () => {
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

  it('waiting too long opens the help', async () => {
    const view = { ...tutorial.view(), last: null };
    const opens = async (ms: number) => /<details[^>]* open>/.test(`${await waitingSection(view, ms, 0)}`);
    assert.deepEqual([await opens(IDLE_MS - 1), await opens(IDLE_MS)], [false, true]);
  });

  it('ages in words', () => {
    assert.deepEqual([-5, 12_000, 61_000, 3_600_000].map(ago), [
      '0 s ago',
      '12 s ago',
      '1 min ago',
      '1 h ago',
    ]);
  });
});
