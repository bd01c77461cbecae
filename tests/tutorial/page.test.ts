/** The tutorial's page as users meet it in a browser: by keyboard alone, and without scripts. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { idToken } from '../../tutorial/lessons/id-token/index.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { curlOf } from '../../tutorial/views/commands/index.js';
import { createPage } from '../../tutorial/views/page/index.js';
import { launchTestBrowser } from '../launch-test-browser.js';

/** A second one, of another part, to go on to. */
const again = { ...exchange, id: 'again', part: 'C' as const, title: 'Exchange another code' };

let browser: Browser;
let tutorial: Tutorial;
before(async () => {
  [browser, tutorial] = await Promise.all([
    launchTestBrowser(),
    Tutorial.open({ lessons: [exchange, again] }),
  ]);
  tutorial.serve(createPage(tutorial));
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
  it('a lesson works by keyboard alone, and events show and are announced at once', async () => {
    const page = await openPage('/', true);
    const printed = page.locator('#said');
    await page.locator('#content[data-events]').waitFor();

    await tabTo(page, 'do-hint');
    await page.keyboard.press('Enter');
    await printed.getByText('It’s one POST to the token endpoint').waitFor({ state: 'attached' });
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
    await printed.getByText('This isn’t the redirect_uri').waitFor({ state: 'attached' });
    assert.equal(await page.locator('.compared mark').textContent(), '/');
    assert.match((await page.locator('.compared').textContent()) ?? '', /extra slash at the end/);
    assert.equal(await focused(page), 'hint-powershell');
    assert.ok(await page.locator('.panel-powershell').isVisible());

    await exchange.play(learner());
    await tabTo(page, 'guess-2');
    await page.keyboard.press('Enter');
    await page.locator('#guess-2[aria-pressed=true]').waitFor();
    assert.equal(await focused(page), 'guess-2');

    await exchange.exercises[0]?.play(learner());
    await page.getByText('Your guess: An error. That was right.').waitFor();
    await page.getByText('a good place to stop').waitFor();
    await printed.getByText('Lesson done.').waitFor({ state: 'attached' });

    await tabTo(page, 'next');
    await page.keyboard.press('Enter');
    await page.locator('#lesson[data-lesson=again]:focus').waitFor();
    await page.context().close();
  });

  it('a secret shows on request, and hides again', async () => {
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

  it('copies a secret without showing it, and a command', async () => {
    const page = await openPage('/', true);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.click('#reveal-CODE ~ .copy');
    await page.getByText('Copied.').waitFor({ state: 'attached' });
    assert.equal(await copied(), tutorial.values.CODE);
    assert.ok(!(await page.content()).includes(tutorial.values.CODE ?? ''));
    await page.click('#do-solution');
    await page.click('.panel-curl .copy');
    await page.locator('.panel-curl .copy', { hasText: 'Copied' }).waitFor();
    assert.equal(await copied(), curlOf(exchangeCode, tutorial.values, 'filled'));
    await page.context().close();
  });

  it("says what it waits for and when the tutorial has ended, and continues when it's back", async () => {
    const first = await Tutorial.open({ lessons: [exchange] });
    first.serve(createPage(first));
    const { issuer, page: address } = first.addresses;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(address);
    const waiting = (await page.locator('.waiting').textContent()) ?? '';
    assert.equal(waiting, `The server at ${issuer} hasn’t received a request yet.`);
    assert.ok(await page.locator('#lost').isHidden());
    await first.close();
    await page.locator('#lost').waitFor();

    const ports = { issuer: Number(new URL(issuer).port), page: Number(new URL(address).port) };
    const second = await Tutorial.open({ lessons: [exchange], ports });
    second.serve(createPage(second));
    await page.locator('#lost').waitFor({ state: 'hidden' });
    await page.click('#do-hint');
    await page.locator('.hints li').waitFor();
    await second.close();
    await context.close();
  });
});

describe('without scripts', () => {
  it('everything works: hints, solution in four languages, feedback on reload, reveal', async () => {
    const page = await openPage('/', false);
    await page.click('#do-hint');
    await page.getByText('It’s one POST to the token endpoint').waitFor();
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

  it('goes forward, back and to the end, and then says how to start over', async () => {
    const page = await openPage('/', false);
    assert.match((await page.locator('.eyebrow').textContent()) ?? '', /Lesson 1 of 2, about 4 minutes/);
    await page.click('#next');
    assert.equal(await page.locator('h1').textContent(), again.title);
    await page.click('#go-exchange');
    assert.equal(await page.locator('h1').textContent(), exchange.title);
    await exchange.play(learner());
    await exchange.exercises[0]?.play(learner());
    await page.reload();
    assert.equal(await page.locator('#next').textContent(), 'Next lesson');
    await page.click('#next');
    await page.click('#next');
    assert.match(
      (await page.locator('main > section').first().textContent()) ?? '',
      /All done[\s\S]*You skipped: Exchange another code[\s\S]*--reset/,
    );
    await page.click('#reset');
    assert.equal(await page.getByRole('heading', { name: 'All done' }).count(), 0);
    await page.context().close();
  });
});

describe('ID Token', () => {
  it('the last one is verified step by step, and so is a pasted one', async () => {
    const page = await openPage('/token', false);
    await exchange.play(learner());
    await page.reload();
    const main = page.locator('main');
    assert.match((await main.textContent()) ?? '', /The last ID Token[\s\S]*every step passes[\s\S]*RS256/);
    assert.equal(await page.locator('.failed').count(), 0);

    const { ID_TOKEN = '' } = tutorial.values;
    const [header = '', claims = ''] = ID_TOKEN.split('.');
    await page.fill('#id_token', ` ${header}.${claims}.c2lnbmF0dXJl `);
    await page.click('#explain');
    assert.match((await main.textContent()) ?? '', /Your ID Token[\s\S]*1 of 13 steps fail/);
    assert.match((await page.locator('.failed').textContent()) ?? '', /6\. Fails: The signature is invalid/);
    assert.ok(!(await page.content()).includes(claims));

    const named = ['{"alg":"none","constructor":"<b>"}', '{"iss":"<b>","nonce":"own"}'];
    const encoded = named.map((part) => Buffer.from(part).toString('base64url'));
    await page.fill('#id_token', `${encoded.join('.')}.`);
    await page.click('#explain');
    const text = (await main.textContent()) ?? '';
    assert.match(text, /iss"<b>"/);
    assert.match(text, /11\. Fails: nonce isn’t the one the tutorial handed out/);
    assert.doesNotMatch(text, /native code/);
    await page.fill('#id_token', 'no token');
    await page.click('#explain');
    assert.match((await page.locator('[role=alert]').textContent()) ?? '', /This isn’t an ID Token/);
    await page.context().close();
  });

  it('the flaws of three tokens can be found by eye', async () => {
    const own = await Tutorial.open({ lessons: [idToken] });
    own.serve(createPage(own));
    await idToken.play(own.learner(false));
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(own.addresses.page);
    await page.getByRole('link', { name: 'Find the flaws in three tokens' }).click();
    assert.match((await page.locator('main').textContent()) ?? '', /every step passes/);
    await page.getByRole('group').nth(0).getByLabel('It’s for another client.').check();
    await page.click('#check-flaws');
    assert.equal(await page.locator('[role=status].bad').textContent(), '1 of 3 found.');
    assert.ok(await page.getByRole('group').nth(0).getByLabel('It’s for another client.').isChecked());
    await page.getByRole('group').nth(1).getByLabel('It has expired.').check();
    await page.getByRole('group').nth(2).getByLabel('It isn’t signed.').check();
    await page.click('#check-flaws');
    assert.equal(
      await page.locator('[role=status].good').textContent(),
      'You found them all: the exercise is done.',
    );
    assert.ok(own.view().isDone);
    await own.close();
    await context.close();
  });
});
