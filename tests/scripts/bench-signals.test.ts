/** A bench that a signal ends leaves nothing behind of what it has started. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CliRunner } from './cli.js';

const BENCH = fileURLToPath(new URL('../../scripts/dev/bench/bench.js', import.meta.url));

describe('a bench', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`that ${signal} ends also ends the run that it measures`, async () => {
      const runner = new CliRunner();
      after(() => runner.remove());
      const bench = spawn(process.execPath, [BENCH, '--rounds', '1', '--only', 'run'], {
        stdio: 'ignore',
        // A pipeline refuses a run without a target, and a bench has to work there too.
        env: { ...process.env, TMPDIR: runner.temporary, CI: 'true' },
      });
      const ended = once(bench, 'exit');
      // The bench names the folder to its run, and so does the run to its engine and its browser.
      while (runner.processes().length < 3 && bench.exitCode === null) await sleep(20);
      bench.kill(signal);
      assert.deepEqual(await ended, [code, null]);
      assert.deepEqual(runner.processes(), []);
      assert.deepEqual(runner.leftTemporary(), []);
    });
  }
});
