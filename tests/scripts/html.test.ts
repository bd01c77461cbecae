/** The HTML report in a browser: nothing for axe to complain about, nothing too wide, nothing loaded, all by keyboard. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { renderHtml } from '../../scripts/report/formats/html.js';
import { STATUSES, type Status } from '../../suites/result.js';
import { launchTestBrowser } from '../launch-test-browser.js';
import { sampleExchange, sampleReport, sampleResult } from './samples.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LONG = `${'x'.repeat(300)} <b>${'ü'.repeat(200)}</b>`;
const CHAPTERS = ['discovery', 'token', 'idtoken', 'consent'];
const HOW_MANY: Readonly<Partial<Record<Status, number>>> = { fail: 12, pass: 6 };

const report = sampleReport(
  STATUSES.flatMap((status) =>
    Array.from({ length: HOW_MANY[status] ?? 2 }, (_, index) => {
      const made = sampleResult(`${CHAPTERS[index % CHAPTERS.length]}-${status}-${index}`, status);
      const exchange = {
        ...sampleExchange,
        request: { ...sampleExchange.request, url: `https://a.example/${LONG}` },
      };
      return { ...made, received: LONG, remarks: [LONG], evidence: [sampleExchange, exchange] };
    }),
  ),
  { run: { inProfile: 40, filters: [], shard: null, defects: ['token-fail-1'], browser: 'Chromium' } },
);

let browser: Browser;
let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
  writeFileSync(join(folder, 'report.html'), renderHtml(report));
  browser = await launchTestBrowser();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the report, does the work, and sees that nothing was loaded. */
async function opened(options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    const url = pathToFileURL(join(folder, 'report.html')).href;
    await page.goto(url);
    await work(page);
    assert.deepEqual(loaded, [url]);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

async function complaints(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Pixels by which the page is wider than its window. */
const tooWide = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

const shownIds = (page: Page) => page.locator('[data-status]:visible').count();

describe('the HTML report', () => {
  const WAYS: readonly (readonly [string, BrowserContextOptions])[] = [
    ['wide', {}],
    ['at 400 pixels', { viewport: { width: 400, height: 800 } }],
    ['dark', { colorScheme: 'dark' }],
    ['dark at 400 pixels', { colorScheme: 'dark', viewport: { width: 400, height: 800 } }],
  ];
  for (const [name, options] of WAYS) {
    it(`${name} is accessible, fits and shows everything`, () =>
      opened(options, async (page) => {
        assert.deepEqual(await complaints(page), []);
        assert.ok((await tooWide(page)) <= 0, 'it scrolls sideways');
        // What failed is what a reader came for.
        assert.equal(await shownIds(page), 14);
        await page.getByLabel('Status').selectOption('all');
        assert.equal(await shownIds(page), report.run.selected);
        // Opened too, with all its evidence.
        await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
        assert.ok((await tooWide(page)) <= 0, 'its evidence scrolls sideways');
        assert.deepEqual(await complaints(page), []);
      }));
  }

  it("without scripts is as accessible, shows everything, and has no filter that wouldn't work", async () => {
    await opened({ javaScriptEnabled: false }, async (page) => {
      assert.equal(await shownIds(page), report.run.selected);
      assert.equal(await page.getByLabel('Status').isVisible(), false);
      assert.ok((await tooWide(page)) <= 0, 'it scrolls sideways');
    });
    // axe is a script itself, so it looks at a copy that has none of ours.
    const context = await browser.newContext({ viewport: { width: 400, height: 800 } });
    const page = await context.newPage();
    await page.setContent(renderHtml(report).replace(/<script>[\s\S]*<\/script>/, ''));
    assert.deepEqual(await complaints(page), []);
    assert.equal(await page.getByLabel('Status').isVisible(), false);
    await context.close();
  });

  it('starts with the verdict and what to do first', () =>
    opened({}, async (page) => {
      assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /^Not conforming: /);
      const [first] = await page.getByRole('heading', { level: 2 }).allInnerTexts();
      assert.equal(first, 'What to do first');
      assert.equal(await page.locator('ol > li').count(), 14);
    }));

  it('in print has no form, and shows failures with their evidence', () =>
    opened({ colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      assert.equal(
        await page.evaluate('getComputedStyle(document.body).backgroundColor'),
        'rgb(255, 255, 255)',
      );
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      assert.deepEqual(await complaints(page), []);
      assert.equal(await page.getByRole('form', { name: 'Filter' }).isVisible(), false);
      assert.equal(await page.locator('[data-status="fail"] pre').first().isVisible(), true);
      assert.equal(await page.locator('[data-status="pass"] pre').first().isVisible(), false);
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      assert.equal(await page.locator('[data-status="fail"] details pre').first().isVisible(), false);
    }));

  it('filters by status and text from the keyboard alone', () =>
    opened({}, async (page) => {
      const described = page.locator('output');
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement?.id')) === 'status') break;
      }
      assert.equal(await page.evaluate('document.activeElement?.id'), 'status');
      await page.keyboard.type('failed');
      assert.equal(await shownIds(page), 14);
      assert.equal(await described.innerText(), `14 of ${report.run.selected} shown`);
      await page.keyboard.press('Tab');
      await page.keyboard.type('consent-fail');
      assert.equal(await shownIds(page), 3);
      assert.equal(await page.getByRole('heading', { level: 2, name: /ID Token/ }).isVisible(), false);
      // Back, and on to a requirement, which opens and closes.
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.press('Delete');
      assert.equal(await shownIds(page), 14);
      await page.keyboard.press('Tab');
      const fold = page.locator('details:has(> summary:focus)');
      const before = await fold.getAttribute('open');
      await page.keyboard.press('Enter');
      assert.notEqual(await fold.getAttribute('open'), before);
    }));
});
