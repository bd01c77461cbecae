/**
 * Playwright Test's setup, once before all workers: writes its findings to the run's folder, where the workers read
 * them.
 */
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import { readRun, writeSetupResult } from '../../suites/run-file.js';
import { sendMessage } from './messages.js';
import { cleanUpAndReport, prepareServer } from './provisioning.js';

/** A user who interrupts a run doesn't wait for long. */
const hurry = new AbortController();
const HURRY_MS = 2_000;

/** @returns the function that Playwright calls after all tests */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const prepared = readRun();
  if (prepared !== null) {
    process.once('SIGINT', () => setTimeout(() => hurry.abort(), HURRY_MS).unref());
    const { setup, browser } = await prepareServer(prepared, sendMessage);
    writeSetupResult(prepared, setup);
    await closeBrowser(browser);
    return () => cleanUpAndReport(prepared, setup.provisioned, sendMessage, hurry.signal);
  }
  const { prepareStandalone: prepareAlone } = await import('./standalone.js');
  const { run, close, browserFound } = await prepareAlone();
  const { setup, browser } = await prepareServer(run, sendMessage);
  writeSetupResult(run, setup);
  await closeBrowser(browser);
  if (setup.launch !== null) browserFound(setup.browser);
  return close;
}
