/**
 * The engine inside the command's own process: for a few checks that need no browser, a process of its own would cost
 * more than the checks.
 */
import { stretched } from '../../fixtures/time/deadline.js';
import type { Run } from '../../suites/run-file.js';
import { handleUncaught } from '../uncaught.js';
import type { Engine } from './engine.js';
import { describe, judgeRun } from './judge-run.js';
import type { Message } from './messages.js';

/** Milliseconds between asking the engine to stop and waiting for it no longer. */
const SHUTDOWN_GRACE_MS = 5_000;

/** @param onMessage takes what an engine of its own would report over its channel */
export function startLocalEngine(run: Run, onMessage: (message: Message) => void): Engine {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  const send = async (message: Message) => onMessage(copy(message));
  // No check can report it, and the checks continue.
  const release = handleUncaught((problem) => {
    if (!signal.aborted) void send({ type: 'engine-error', text: describe(problem) });
  });
  let abandon: () => void = () => undefined;
  const abandoned = new Promise<number | null>((resolve) => {
    abandon = () => resolve(null);
  });
  const ended = Promise.race([judgeRun(run, send, signal), abandoned])
    .then((code) => ({ code, signal: null, output: '' }))
    .finally(release);
  return {
    ended,
    stop: () => {
      if (signal.aborted) abandon();
      interrupted.abort();
      setTimeout(abandon, stretched(SHUTDOWN_GRACE_MS)).unref();
    },
  };
}

/** A message never changes once it's sent, and is the same as one that came over a channel. */
function copy(message: Message): Message {
  const same: Message = JSON.parse(JSON.stringify(message));
  return same;
}
