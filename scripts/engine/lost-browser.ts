/** Finds out whether checks lost the browser that they used. */
import type { Browser } from '@playwright/test';
import { isResponsive, killBrowser } from '../../fixtures/browser/browser-process.js';
import type { Result } from '../../suites/result.js';

/** A browser that opens no more pages is killed, so that another one takes its place. */
export async function endIfUseless(browser: Browser | null): Promise<void> {
  if (browser?.isConnected() === true && !(await isResponsive(browser))) await killBrowser(browser);
}

/**
 * @param results null: the checks did not end
 * @returns whether an error among them may come from a browser that is gone
 */
export function lostTheirBrowser(results: readonly Result[] | null, browser: Browser | null): boolean {
  if (browser === null || browser.isConnected()) return false;
  return results === null || results.some(({ status }) => status === 'error');
}
