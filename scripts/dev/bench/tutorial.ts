/**
 * `npm run bench`: how long a learner waits, from the server's response to the watcher's feedback, and from the
 * command's start to its first words. Prints figures; asserts nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Tutorial } from '../../../tutorial/tutorial.js';
import { readOptions } from '../read-options.js';
import { endWithBench, inTemporaryFolder } from './children.js';
import { median } from './median.js';

readOptions({});

const REQUESTS = 200;
const STARTS = 5;
const cli = new URL('../../cli.js', import.meta.url).pathname;

/** @returns milliseconds for each request; every second one is refused */
async function feedbackTimes(): Promise<readonly number[]> {
  const tutorial = await Tutorial.open();
  const times: number[] = [];
  try {
    await tutorial.go('exchange');
    const { TOKEN_ENDPOINT = '', ISSUER = '' } = tutorial.values;
    for (let count = 0; count < REQUESTS; count += 1) {
      const reported = new Promise<void>((resolve) => {
        const stop = tutorial.onEvent(() => {
          stop();
          resolve();
        });
      });
      const started = performance.now();
      const sent =
        count % 2 === 0
          ? fetch(`${ISSUER}/.well-known/openid-configuration`)
          : fetch(TOKEN_ENDPOINT, { method: 'POST', body: new URLSearchParams({ code: 'none' }) });
      await Promise.all([sent, reported]);
      times.push(performance.now() - started);
    }
    return times;
  } finally {
    await tutorial.close();
  }
}

/** @returns milliseconds until the command has printed something */
async function startTime(folder: string): Promise<number> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [cli, 'tutorial', '--plain', '--no-open', '--state', join(folder, 'state.json')],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  endWithBench(child);
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const time = performance.now() - started;
  child.kill('SIGTERM');
  await ended;
  return time;
}

const times = await feedbackTimes();
const starts: number[] = [];
await inTemporaryFolder(async (folder) => {
  for (let round = 0; round < STARTS; round += 1) starts.push(await startTime(folder));
});
process.stdout.write(
  `tutorial: ${REQUESTS} requests, from sending to feedback ${median(times).toFixed(1)} ms in the middle, ` +
    `${Math.max(...times).toFixed(1)} ms at worst; ${median(starts).toFixed(0)} ms from start to the first words\n`,
);
