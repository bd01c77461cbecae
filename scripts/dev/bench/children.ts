/** What a bench has started ends with it when a signal comes. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '../../../fixtures/time/deadline.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A run that's interrupted closes its browser and removes what it created. */
const GRACE_MS = 10_000;
/** For the `finally` of whoever waited for a child. */
const CLEAN_UP_MS = 200;

type End = () => Promise<unknown>;
const running = new Set<End>();

/** Ends this program when its bench is ended by a signal. */
export function endWithBench(child: ChildProcess): void {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const forget = onSignal(async () => {
    // The runner of the floor's tests ends its browsers at this signal only.
    child.kill('SIGINT');
    await within(GRACE_MS, closed, () => new Error('not in time')).catch(() => child.kill('SIGKILL'));
    await closed;
  });
  void closed.then(forget);
}

/**
 * @param end is called when a signal comes, before the bench ends
 * @returns a function after which it's no longer called
 */
export function onSignal(end: End): () => void {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, interrupt);
  running.add(end);
  return () => {
    running.delete(end);
    if (running.size === 0) for (const signal of SIGNALS) process.off(signal, interrupt);
  };
}

const folders = new Set<string>();

/**
 * Makes a folder for one measurement, which is removed after it, also when a signal ends the bench: by then whoever waits
 * for the measurement may not get on in time.
 * @returns what `use` returns
 */
export async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-bench-'));
  folders.add(folder);
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

let interrupted = false;

function interrupt(signal: NodeJS.Signals): void {
  if (interrupted) return;
  interrupted = true;
  void Promise.allSettled([...running].map((end) => end()))
    .then(() => sleep(CLEAN_UP_MS))
    .then(() =>
      Promise.allSettled([...folders].map((folder) => rm(folder, { recursive: true, force: true }))),
    )
    .then(() => process.exit(128 + constants.signals[signal]));
}
