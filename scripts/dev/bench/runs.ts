/** What a whole run costs: on a healthy sandbox, beside a floor in the same minutes, and on one that is slow or broken. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENDPOINTS } from '../../../fixtures/sandbox/endpoint-names.js';
import { createSandbox, type Deviation, defects } from '../../../fixtures/sandbox/index.js';
import { listEntries } from '../../../suites/catalog.js';
import { groupCompatible } from '../../proof/groups.js';
import { readReport } from '../../report/files.js';
import { inTemporaryFolder } from './children.js';
import { CLI, type Measured, measure } from './measure.js';

/** Trivial pages of the floor. */
export const FLOOR_PAGES = 20;
const MANY_DEFECTS = 30;
const SLOW_MS = 100;
const LEAST_MS = 5;
const MOST_MS = 500;
const ANSWERED = 200;
const FEW_REQUIREMENTS = 50;
const MANY_REQUIREMENTS = 250;

export interface RunFigures extends Measured {
  readonly requirements: number;
  readonly exchanges: number;
  /** Documents that the browser asked the server for. */
  readonly pages: number;
  /** Seconds that the checks of each chapter took, one after the other. */
  readonly chapters: Readonly<Record<string, number>>;
}

/** One run by the real command on its own sandbox. */
export function wholeRun(more: readonly string[] = []): Promise<RunFigures> {
  return inTemporaryFolder(async (folder) => {
    const measured = await measure([CLI, 'run', 'sandbox', '--quiet', '--out', folder, ...more]);
    const { results } = readReport(join(folder, 'last.json'));
    const chapters: Record<string, number> = {};
    for (const { chapter, durationMs } of results) {
      chapters[chapter] = (chapters[chapter] ?? 0) + durationMs / 1000;
    }
    const evidence = results.flatMap((result) => result.evidence);
    const pages = evidence.filter(({ note }) => note === 'in the browser').length;
    return { ...measured, requirements: results.length, exchanges: evidence.length, pages, chapters };
  });
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

export interface Growth {
  /** Requirements of the shorter and of the longer run. */
  readonly counts: readonly [few: number, many: number];
  /** Seconds of each. */
  readonly seconds: readonly [few: number, many: number];
  /** Milliseconds of wall and CPU time that each further requirement takes. */
  readonly eachMs: number;
  readonly eachCpuMs: number;
}

/** What a requirement adds that looks at no page: a run of 50, and one of 250 right after it. */
export async function growth(): Promise<Growth> {
  const ids = listEntries()
    .filter(({ requirement }) => !requirement.needs.includes('page'))
    .map(({ requirement }) => requirement.id);
  const many = ids.slice(0, MANY_REQUIREMENTS);
  const step = Math.floor(many.length / FEW_REQUIREMENTS);
  const few = many.filter((_, index) => index % step === 0).slice(0, FEW_REQUIREMENTS);
  const ofFew = await selectedRun(few);
  const ofMany = await selectedRun(many);
  const further = many.length - few.length;
  return {
    counts: [few.length, many.length],
    seconds: [ofFew.seconds, ofMany.seconds],
    eachMs: ((ofMany.seconds - ofFew.seconds) * 1000) / further,
    eachCpuMs: ((ofMany.usage.total - ofFew.usage.total) * 1000) / further,
  };
}

function selectedRun(ids: readonly string[]): Promise<Measured> {
  const only = ids.flatMap((id) => ['--only', id]);
  return inTemporaryFolder((folder) => measure([CLI, 'run', 'sandbox', '--quiet', '--out', folder, ...only]));
}

/** Every answer of the server takes 100 milliseconds. */
export function slowRun(): Promise<Measured> {
  return runOn([delayed('Each answer takes 100 milliseconds.', () => sleep(SLOW_MS))]);
}

/** Each answer takes 5 to 500 milliseconds, at random. */
export function unsteadyRun(): Promise<Measured> {
  return runOn([
    delayed('Each answer takes 5 to 500 milliseconds.', () =>
      sleep(LEAST_MS + Math.random() * (MOST_MS - LEAST_MS)),
    ),
  ]);
}

/** Nobody is signed in after a login: the browser gets no cookie. */
export function noLoginRun(): Promise<Measured> {
  const withoutCookie = (response: Response) => {
    const { body, status, headers } = response;
    const kept = [...headers].filter(([name]) => name !== 'set-cookie');
    return new Response(body, { status, headers: kept });
  };
  return runOn([{ how: 'A login gives no session.', wrap: { login: withoutCookie } }]);
}

/** No request is answered any more after the first two hundred. */
export function silentRun(): Promise<Measured> {
  let left = ANSWERED;
  return runOn([
    delayed('It falls silent.', async () => {
      left -= 1;
      if (left < 0) await new Promise(() => undefined);
    }),
  ]);
}

function delayed(how: string, wait: () => Promise<unknown>): Deviation {
  const answerLater = async (response: Response) => {
    await wait();
    return response;
  };
  return { how, wrap: Object.fromEntries(ENDPOINTS.map((name) => [name, answerLater])) };
}

/** @returns the figures of a run against a sandbox in this process: its processor time is not among them */
async function runOn(deviations: readonly Deviation[]): Promise<Measured> {
  const sandbox = createSandbox({ deviations, aging: true });
  const listening = await sandbox.listen();
  try {
    return await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'target.json');
      await writeFile(file, JSON.stringify(sandbox.target()), { mode: 0o600 });
      return measure([CLI, 'run', file, '--quiet', '--out', folder]);
    });
  } finally {
    await listening.close();
  }
}
