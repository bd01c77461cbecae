/** The browser of tests. */
import assert from 'node:assert/strict';
import type { Browser } from '@playwright/test';
import { openBrowser } from '../fixtures/browser/find-browser.js';

/** @returns a browser with no window; fails with the reason if there is none */
export async function launchTestBrowser(): Promise<Browser> {
  const { browser, reason } = await openBrowser(undefined, async (launch) => launch);
  assert.ok(browser !== null, reason);
  return browser;
}
