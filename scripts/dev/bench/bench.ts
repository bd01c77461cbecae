/**
 * `npm run bench`: the wall time of a run on the sandbox, its ratio to a floor measured in the same session, and what
 * thirty compatible defects at once add. Prints figures; asserts nothing.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defects } from '../../../fixtures/sandbox/defects/index.js';
import type { Deviation } from '../../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../../fixtures/sandbox/index.js';
import { listEntries } from '../../../suites/catalog.js';
import { groupCompatible } from '../../proof/groups.js';
import { median } from './median.js';

const ROUNDS = 3;
const MANY = 30;
const cli = new URL('../../cli.js', import.meta.url).pathname;

/** @returns seconds of wall time */
async function timed(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, command, { stdio: 'ignore', env });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
  return (performance.now() - started) / 1000;
}

/** One run of the real command on a sandbox in this process. Counts the pages that a browser opened. */
async function run(deviations: readonly Deviation[]): Promise<{ seconds: number; pages: number }> {
  let pages = 0;
  const sandbox = createSandbox({
    deviations,
    onExchange: ({ request }) => {
      if (request.headers.get('sec-fetch-mode') === 'navigate' && request.method === 'GET') pages += 1;
    },
  });
  const listening = await sandbox.listen();
  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-bench-'));
  try {
    const file = join(folder, 'target.json');
    await writeFile(file, JSON.stringify(sandbox.target()), { mode: 0o600 });
    const seconds = await timed([cli, 'run', file, '--quiet', '--out', folder]);
    return { seconds, pages };
  } finally {
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function floor(pages: number): Promise<number> {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const config = new URL('./floor.config.js', import.meta.url).pathname;
  return timed([playwright, 'test', '--config', config], {
    ...process.env,
    FLOOR_TESTS: String(listEntries().length),
    FLOOR_PAGES: String(pages),
  });
}

const healthy: number[] = [];
const floors: number[] = [];
const withDefects: number[] = [];
/** As many defects as can be active at once. */
const many = groupCompatible(defects, MANY)[0] ?? [];
let opened = 0;
for (let round = 1; round <= ROUNDS; round += 1) {
  const { seconds, pages } = await run([]);
  opened = pages;
  healthy.push(seconds);
  floors.push(await floor(pages));
  withDefects.push((await run(many)).seconds);
  process.stdout.write(
    `round ${round}: run ${seconds.toFixed(1)} s, floor ${floors.at(-1)?.toFixed(1)} s, ` +
      `with ${many.length} defects ${withDefects.at(-1)?.toFixed(1)} s\n`,
  );
}
process.stdout.write(
  `median of ${ROUNDS}: run ${median(healthy).toFixed(1)} s for ${listEntries().length} requirements and ` +
    `${opened} pages, ${(median(healthy) / median(floors)).toFixed(2)} times the floor of ` +
    `${median(floors).toFixed(1)} s; ${many.length} defects at once add ` +
    `${(median(withDefects) - median(healthy)).toFixed(1)} s\n`,
);
