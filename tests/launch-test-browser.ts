/** The browser of tests. */
import assert from 'node:assert/strict';
import type { Browser } from '@playwright/test';
import { findBrowser, launchBrowser } from '../fixtures/browser/find-browser.js';

/** @returns a browser with no window; fails with the reason if there is none */
export async function launchTestBrowser(): Promise<Browser> {
  const { launch, reason } = await findBrowser();
  assert.ok(launch !== null, reason);
  return await launchBrowser(launch);
}
