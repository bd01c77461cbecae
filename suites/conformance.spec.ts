/**
 * The one Playwright spec: a test for each requirement, which records what `judge` says. A broken rule is a
 * verdict, never a failed test: a failed test would cost a new worker, with a new browser and a new session.
 */
import { test as base, chromium } from '@playwright/test';
import { createEnvironment, type Environment } from '../fixtures/environment.js';
import { MAX_RETRY_WAIT_MS } from '../fixtures/http/rate-limit.js';
import { SLOWEST } from '../fixtures/time/deadline.js';
import { type Entry, findEntry, listEntries } from './catalog.js';
import { printExchange } from './exchange-line.js';
import { judge, TRIES } from './judge.js';
import { withoutBrowser } from './plan.js';
import type { Result } from './result.js';
import { resultWithoutVerdict } from './result-without-verdict.js';
import { REPORTER_VARIABLE, readRun, readSetupResult, writeIssued, writeLeftovers } from './run-file.js';
import { loadSchema } from './schemas/load.js';
import { ALONE_PROJECT, ALONE_TAG } from './serial.js';

/** Beyond the check's own deadline: what a worker may need to start a browser and to end a check. */
const GRACE_MS = 60_000;
const DEADLINE_MS = 30_000;
/** No check sends more requests than this, with its cleaning up. */
const MAX_REQUESTS = 300;
/** The most that one check waits, in turns of the longest wait that is allowed. */
const WAITS = 2;

const test = base.extend<object, { world: Environment }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use, worker) => {
      const run = readRun();
      if (run === null) throw new Error('no run was prepared');
      const { provisioned, launch, browser: name } = readSetupResult(run);
      const alone = worker.project.name === ALONE_PROJECT;
      const browser =
        launch === null ? null : await chromium.launch({ ...launch, headless: !run.browser.headed });
      const world = createEnvironment({
        target: run.target,
        browser,
        noBrowserReason: launch === null ? name : '',
        provisioned,
        workerIndex: worker.parallelIndex,
        maxWait: run.maxWait,
        rate: run.rate === null ? null : run.rate / (alone ? 1 : run.workers),
        serial: alone,
        intrusive: run.intrusive,
        ...(run.thorough ? { forms: null } : {}),
        screenshotFolder: run.out,
        ...(run.traces === null ? {} : { traceFolder: run.traces }),
        ...(run.exchanges ? { onExchange: printExchange } : {}),
        schemas: loadSchema,
      });
      await use(world);
      writeIssued(run, worker.workerIndex, world.issuedTokens());
      writeLeftovers(run, worker.workerIndex, await world.close());
      await browser?.close();
    },
    { scope: 'worker', timeout: SLOWEST * GRACE_MS },
  ],
});

// Without a run file this is `npx playwright test` in the repository: everything, on the sandbox.
const run = readRun();
const ids = run?.ids ?? listEntries().map(({ requirement }) => requirement.id);
const planned = ids.map((id) => {
  const entry = findEntry(id);
  if (entry === undefined) throw new Error(`the catalog has no requirement ${id}`);
  return entry;
});
// Where an expiry has to be waited for, all such checks wait at the same time, in one test.
const waitsHere = run !== null && run.maxWait > 0 && run.target.settings.time?.ageEndpoint === undefined;
const waiting = waitsHere ? planned.filter(({ requirement }) => requirement.waits === true) : [];
const groups = [waiting, ...planned.filter((entry) => !waiting.includes(entry)).map((entry) => [entry])];

for (const group of groups.filter(({ length }) => length > 0)) {
  const alone = run !== null && group.some(({ requirement }) => run.serial.includes(requirement.id));
  const details = alone ? { tag: ALONE_TAG } : {};
  test(group.map(({ requirement }) => requirement.id).join(' '), details, async ({ world }, info) => {
    const longest = Math.max(
      ...group.map(({ requirement }) => run?.timeoutMs ?? requirement.deadline ?? DEADLINE_MS),
    );
    const expiry = group === waiting ? WAITS * (run?.maxWait ?? 0) * 1000 : 0;
    info.setTimeout(TRIES * (SLOWEST * longest + expiry + longestBackOff()) + GRACE_MS);
    const results = await Promise.all(group.map((entry) => judgeEntry(entry, world)));
    for (const result of results) {
      info.annotations.push({ type: result.status, description: result.message ?? result.reason ?? '' });
      await info.attach('result', { body: JSON.stringify(result), contentType: 'application/json' });
    }
    // Under another reporter a verdict that nobody reads would look like success.
    const notKept = results.find(({ status }) => status !== 'pass');
    if (process.env[REPORTER_VARIABLE] === undefined && notKept !== undefined) {
      throw new Error(`${notKept.status}: ${notKept.message ?? notKept.reason ?? ''}`);
    }
  });
}

/** What may be waited for the server's sake, in milliseconds: `judge` knows exactly, this is but an upper limit. */
function longestBackOff(): number {
  const turns = run === null || run.rate === null ? 0 : (MAX_REQUESTS * run.workers * 1000) / run.rate;
  return turns + MAX_RETRY_WAIT_MS;
}

async function judgeEntry({ requirement, chapter }: Entry, world: Environment): Promise<Result> {
  const now = readRun();
  const met = now === null ? null : readSetupResult(now);
  const ruling = met?.launch === null ? withoutBrowser(requirement, met.browser) : null;
  if (ruling !== null)
    return resultWithoutVerdict({ requirement, chapter: chapter.id }, ruling.status, ruling.reason);
  const timeout = run?.timeoutMs ?? null;
  return judge(requirement, chapter.id, world, timeout === null ? {} : { timeout });
}
