/** As many empty tests as the run has requirements, and as many trivial pages as it opens. */
import { expect, test } from '@playwright/test';
import { findBrowser, launchBrowser } from '../../../fixtures/browser/find-browser.js';

const tests = Number(process.env.FLOOR_TESTS ?? '1');
const pages = Number(process.env.FLOOR_PAGES ?? '0');
const share = Math.ceil(pages / 2);

for (let n = 0; n < tests; n += 1) test(`empty ${n}`, () => undefined);

for (const half of ['first', 'second']) {
  test(`trivial pages, ${half} half`, async () => {
    test.setTimeout(300_000);
    const { launch } = await findBrowser();
    if (launch === null) return;
    const browser = await launchBrowser(launch);
    for (let n = 0; n < share; n += 1) {
      const page = await browser.newPage();
      await page.goto('data:text/html,<p>trivial</p>');
      expect(await page.textContent('p')).toBe('trivial');
      await page.close();
    }
    await browser.close();
  });
}
