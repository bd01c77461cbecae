/**
 * The set-up of Playwright Test, once before all workers: what it found goes into the run's folder, where the workers
 * read it.
 */
import { readRun } from '../../suites/run-file.js';
import { cleanUpAndReport, prepareServer } from './provisioning.js';

/** Whoever interrupts a run does not wait for long. */
const hurry = new AbortController();
const HURRY_MS = 2_000;

/** @returns what Playwright calls when all tests are over */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const prepared = readRun();
  if (prepared !== null) {
    process.once('SIGINT', () => setTimeout(() => hurry.abort(), HURRY_MS).unref());
    const { setup, browser } = await prepareServer(prepared);
    await browser?.close();
    return () => cleanUpAndReport(prepared, setup.provisioned, hurry.signal);
  }
  const { prepareStandalone: prepareAlone } = await import('./standalone.js');
  const { run, close, browserFound } = await prepareAlone();
  const { setup, browser } = await prepareServer(run);
  await browser?.close();
  if (setup.launch !== null) browserFound(setup.browser);
  return close;
}
