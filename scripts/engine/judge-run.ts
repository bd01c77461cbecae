/** What an engine does, in whichever process it runs: prepares a run, judges it, and cleans up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import { SentForms } from '../../fixtures/browser/sent-forms.js';
import { CannotJudge } from '../../fixtures/errors.js';
import { stretched } from '../../fixtures/time/deadline.js';
import type { Run } from '../../suites/run-file.js';
import type { Send } from './messages.js';
import { cleanUpAndReport, type PreparedServer, prepareServer } from './provisioning.js';
import { Scheduler } from './scheduler.js';

/** A user who interrupts a run doesn't wait for long: the command ends the engine a little later. */
export const HURRY_MS = 2_000;
const INTERRUPTED = 130;

/**
 * @param send takes everything there is to report
 * @param signal interrupts the run
 * @returns the exit code of the engine. It never throws: what goes wrong is reported
 */
export async function judgeRun(run: Run, send: Send, signal: AbortSignal): Promise<number> {
  return work(run, send, signal).catch(async (problem: unknown) => {
    if (!(problem instanceof CannotJudge)) await send({ type: 'engine-error', text: describe(problem) });
    return 1;
  });
}

/** @returns what a developer wants to read about a problem */
export function describe(problem: unknown): string {
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}

async function work(run: Run, send: Send, signal: AbortSignal): Promise<number> {
  const forms = new SentForms(run.target.issuer);
  const hurry = new AbortController();
  const beginHurry = () => setTimeout(() => hurry.abort(), stretched(HURRY_MS)).unref();
  signal.addEventListener('abort', beginHurry, { once: true });
  const provisioning = prepareServer(run, send, { forms, stop: signal, hurry: hurry.signal });
  const provisioned = await orInterrupted(provisioning, signal);
  if (provisioned === null) {
    await Promise.race([removed(run, send, provisioning, hurry.signal), sleep(stretched(2 * HURRY_MS))]);
    return INTERRUPTED;
  }
  const { setup, browser, contexts, lastAnswered } = provisioned;
  const scheduler = new Scheduler(run, setup, { browser, contexts, forms, send, lastAnswered });
  const onInterrupt = () => scheduler.stop();
  signal.addEventListener('abort', onInterrupt, { once: true });
  if (signal.aborted) onInterrupt();
  await orInterrupted(scheduler.judgeAll(), signal);
  const closed = scheduler.close();
  if (signal.aborted) await closeBrowser(browser);
  // What was registered is removed all the same.
  await closed.catch((problem: unknown) => send({ type: 'engine-error', text: describe(problem) }));
  if (scheduler.isSilent) hurry.abort();
  await cleanUpAndReport(run, setup.provisioned, send, hurry.signal);
  return signal.aborted ? INTERRUPTED : 0;
}

/** Removes what was created before the run was interrupted; set-up that still was at work does it itself. */
async function removed(
  run: Run,
  send: Send,
  provisioning: Promise<PreparedServer>,
  hurry: AbortSignal,
): Promise<void> {
  const prepared = await provisioning.catch(() => null);
  if (prepared === null) return;
  const { setup } = prepared;
  await cleanUpAndReport(run, setup.provisioned, send, hurry);
}

/** @returns null as soon as the run is interrupted, whatever the work does */
async function orInterrupted<Value>(worked: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  const cut = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    if (signal.aborted) resolve(null);
  });
  return Promise.race([worked, cut]);
}
