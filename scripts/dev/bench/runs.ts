/** What a whole run costs: on a healthy sandbox, beside a floor in the same minutes, and on one that is slow or broken. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENDPOINTS } from '../../../fixtures/sandbox/endpoint-names.js';
import { createSandbox, type Deviation, defects } from '../../../fixtures/sandbox/index.js';
import { listEntries } from '../../../suites/catalog.js';
import { groupCompatible } from '../../proof/groups.js';
import { readReport } from '../../report/files.js';
import { CLI, type Measured, measure } from './measure.js';

/** Trivial pages of the floor. */
const FLOOR_PAGES = 20;
const MANY_DEFECTS = 30;
const SLOW_MS = 100;

export interface RunFigures extends Measured {
  readonly requirements: number;
  readonly exchanges: number;
  /** Documents that the browser asked the server for. */
  readonly pages: number;
  /** Seconds that the checks of each chapter took, one after the other. */
  readonly chapters: Readonly<Record<string, number>>;
}

/** One run by the real command on its own sandbox. */
export async function wholeRun(more: readonly string[] = []): Promise<RunFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-bench-'));
  try {
    const measured = await measure([CLI, 'run', '--quiet', '--out', folder, ...more]);
    const { results } = readReport(join(folder, 'last.json'));
    const chapters: Record<string, number> = {};
    for (const { chapter, durationMs } of results) {
      chapters[chapter] = (chapters[chapter] ?? 0) + durationMs / 1000;
    }
    const evidence = results.flatMap((result) => result.evidence);
    const pages = evidence.filter(({ note }) => note === 'in the browser').length;
    return { ...measured, requirements: results.length, exchanges: evidence.length, pages, chapters };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As many empty tests of Playwright Test as there are requirements, and some trivial pages. */
export function floor(): Promise<Measured> {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const config = new URL('./floor.config.js', import.meta.url).pathname;
  return measure([playwright, 'test', '--config', config], {
    ...process.env,
    FLOOR_TESTS: String(listEntries().length),
    FLOOR_PAGES: String(FLOOR_PAGES),
  });
}

/** As many defects as can be in force at once, up to thirty. */
export async function brokenRun(): Promise<Measured> {
  return runOn(groupCompatible(defects, MANY_DEFECTS)[0] ?? []);
}

/** Every answer of the server takes 100 milliseconds. */
export async function slowRun(): Promise<Measured> {
  const wait = async (response: Response) => {
    await sleep(SLOW_MS);
    return response;
  };
  const wrap = Object.fromEntries(ENDPOINTS.map((name) => [name, wait]));
  return runOn([{ how: 'Each answer takes 100 milliseconds.', wrap }]);
}

/** @returns the figures of a run against a sandbox in this process: its processor time is not among them */
async function runOn(deviations: readonly Deviation[]): Promise<Measured> {
  const sandbox = createSandbox({ deviations, aging: true });
  const listening = await sandbox.listen();
  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-bench-'));
  try {
    const file = join(folder, 'target.json');
    await writeFile(file, JSON.stringify(sandbox.target()), { mode: 0o600 });
    return await measure([CLI, 'run', file, '--quiet', '--out', folder]);
  } finally {
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  }
}
