/**
 * The set-up of Playwright Test, once before all workers: what it found goes into the run's folder, where the workers
 * read it.
 */
import { readRun } from '../../suites/run-file.js';
import { leaveAndTell, provision } from './provisioning.js';

/** Whoever interrupts a run does not wait for long. */
const hurry = new AbortController();
const HURRY_MS = 2_000;

/** @returns what Playwright calls when all tests are over */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const prepared = readRun();
  if (prepared !== null) {
    process.once('SIGINT', () => setTimeout(() => hurry.abort(), HURRY_MS).unref());
    const { met, browser } = await provision(prepared);
    await browser?.close();
    return () => leaveAndTell(prepared, met.meeting, hurry.signal);
  }
  const { prepareAlone } = await import('./alone.js');
  const { run, close, found } = await prepareAlone();
  const { met, browser } = await provision(run);
  await browser?.close();
  if (met.launch !== null) found(met.browser);
  return close;
}
