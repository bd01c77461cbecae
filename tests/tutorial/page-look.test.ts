/** The tutorial's pages with all lessons: nothing for axe to complain about, nothing too wide, links that open. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { createPage } from '../../tutorial/views/page/index.js';
import { launchTestBrowser } from '../launch-test-browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
before(async () => {
  browser = await launchTestBrowser();
});
after(() => browser?.close());

describe('checked by axe', () => {
  const complaints = async (page: Page): Promise<readonly string[]> => {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    return violations.map(
      ({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
    );
  };
  /** Pixels by which the page is wider than its window. */
  const excess = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`no page gives cause for complaint in ${colorScheme}, nor is too wide for 320 pixels`, async () => {
      const own = await Tutorial.open();
      own.serve(createPage(own));
      const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 640 } });
      const page = await context.newPage();
      const look = async (path: string) => {
        await page.goto(new URL(path, own.addresses.page).href);
        assert.deepEqual(await complaints(page), []);
        assert.equal(await excess(page), 0, path);
      };
      await own.go('exchange');
      await own.learner(false).send(exchangeCode, { form: { redirect_uri: '{REDIRECT_URI}/' } });
      own.solution();
      await look('/');
      await exchange.play(own.learner(false));
      await exchange.exercises[0]?.play(own.learner(false));
      await look('/');
      await look('/callback?error=access_denied&state=x&error_description=words');
      await own.go('authorize');
      own.solution();
      await look('/');
      await own.go('id-token');
      await look('/token');
      await own.close();
      await context.close();
    });
  }

  it('a browser step is a link that opens it', async () => {
    const own = await Tutorial.open();
    own.serve(createPage(own));
    await own.go('authorize');
    own.solution();
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(own.addresses.page);
    await page.getByRole('link', { name: 'open this address' }).click();
    assert.match(page.url(), new RegExp(`^${own.addresses.issuer}/`));
    await own.close();
    await context.close();
  });
});
