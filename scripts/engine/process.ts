/**
 * The engine: the process that judges. It prepares the run, judges in one browser with one environment per worker, and
 * reports everything to the command over their channel. It prints nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import { SentForms } from '../../fixtures/browser/sent-forms.js';
import { CannotJudge } from '../../fixtures/errors.js';
import { type Run, takeRun } from '../../suites/run-file.js';
import { allTold, sendMessage } from './messages.js';
import { endWithCommand } from './orphan.js';
import { cleanUpAndReport, type PreparedServer, prepareServer } from './provisioning.js';
import { Scheduler } from './scheduler.js';

/** A user who interrupts a run doesn't wait for long: the command ends this process a little later. */
const HURRY_MS = 2_000;
const INTERRUPTED = 130;

const interrupted = new AbortController();
process.on('SIGINT', () => interrupted.abort());
const run = takeRun();
if (run === null) throw new Error('no run was prepared');
endWithCommand(run.folder);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  // No check can report it. The checks continue.
  process.on(event, (problem: unknown) => {
    if (interrupted.signal.aborted) return;
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    void sendMessage({ type: 'engine-error', text });
  });
}

/** @returns the exit code */
async function work(run: Run): Promise<number> {
  const { signal } = interrupted;
  const forms = new SentForms(run.target.issuer);
  const hurry = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => hurry.abort(), HURRY_MS).unref(), { once: true });
  const provisioning = prepareServer(run, forms);
  const provisioned = await orInterrupted(provisioning);
  if (provisioned === null) {
    await Promise.race([removed(run, provisioning, hurry.signal), sleep(HURRY_MS)]);
    return INTERRUPTED;
  }
  const { setup, browser } = provisioned;
  const scheduler = new Scheduler(run, setup, browser, forms);
  const onInterrupt = () => scheduler.stop();
  signal.addEventListener('abort', onInterrupt, { once: true });
  if (signal.aborted) onInterrupt();
  await orInterrupted(scheduler.judgeAll());
  const closed = scheduler.close();
  if (signal.aborted) await closeBrowser(browser);
  await closed;
  if (scheduler.isSilent) hurry.abort();
  await cleanUpAndReport(run, setup.provisioned, hurry.signal);
  return signal.aborted ? INTERRUPTED : 0;
}

/** Removes what was created before the run was interrupted. */
async function removed(run: Run, provisioning: Promise<PreparedServer>, hurry: AbortSignal): Promise<void> {
  const { setup } = await provisioning;
  await cleanUpAndReport(run, setup.provisioned, hurry);
}

/** @returns null as soon as the run is interrupted, whatever the work does */
async function orInterrupted<Value>(worked: Promise<Value>): Promise<Value | null> {
  const { signal } = interrupted;
  const cut = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    if (signal.aborted) resolve(null);
  });
  return Promise.race([worked, cut]);
}

const code = await work(run).catch(async (problem: unknown) => {
  if (!(problem instanceof CannotJudge)) {
    await sendMessage({
      type: 'engine-error',
      text: problem instanceof Error ? (problem.stack ?? '') : String(problem),
    });
  }
  return 1;
});
// The last messages must be written; nothing else is waited for.
await Promise.race([allTold(), sleep(HURRY_MS)]);
process.exit(code);
