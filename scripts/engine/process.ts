/**
 * The engine as a process of its own: it judges in one browser with one environment per worker, and reports everything
 * to the command over their channel. It prints nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { takeRun } from '../../suites/run-file.js';
import { describe, HURRY_MS, judgeRun } from './judge-run.js';
import { allTold, sendMessage } from './messages.js';
import { endWithCommand } from './orphan.js';

const interrupted = new AbortController();
process.on('SIGINT', () => interrupted.abort());
const run = takeRun();
if (run === null) throw new Error('no run was prepared');
endWithCommand(run.folder);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  // No check can report it. The checks continue.
  process.on(event, (problem: unknown) => {
    if (interrupted.signal.aborted) return;
    void sendMessage({ type: 'engine-error', text: describe(problem) });
  });
}

const code = await judgeRun(run, sendMessage, interrupted.signal);
// The last messages must be written; nothing else is waited for.
await Promise.race([allTold(), sleep(HURRY_MS)]);
process.exit(code);
