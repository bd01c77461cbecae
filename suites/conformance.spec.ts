/**
 * The one Playwright spec: a test for each requirement, which records what `judge` says. A broken rule is a
 * verdict, never a failed test: a failed test would cost a new worker, with a new browser and a new session.
 */
import { test as base, chromium } from '@playwright/test';
import { createWorld, type World } from '../fixtures/world.js';
import { entries, findEntry } from './catalogue.js';
import { judge } from './judge.js';
import { withoutBrowser } from './plan.js';
import { REPORTER_VARIABLE, readMet, readRun } from './run-file.js';
import { loadSchema } from './schemas/load.js';
import { unjudged } from './unjudged.js';

/** Beyond the check's own deadline: what a worker may need to start a browser and to end a check. */
const GRACE_MS = 60_000;
const DEADLINE_MS = 30_000;

const test = base.extend<object, { world: World }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use, worker) => {
      const run = readRun();
      if (run === null) throw new Error('no run was prepared');
      const { meeting, launch, browser: name } = readMet(run);
      const browser =
        launch === null ? null : await chromium.launch({ ...launch, headless: !run.browser.headed });
      const world = createWorld({
        target: run.target,
        browser,
        noBrowserReason: launch === null ? name : '',
        meeting,
        seat: worker.parallelIndex,
        schemas: loadSchema,
      });
      await use(world);
      await world.close();
      await browser?.close();
    },
    { scope: 'worker', timeout: GRACE_MS },
  ],
});

// Without a run file this is `npx playwright test` in the repository: everything, on the sandbox.
const run = readRun();
const ids = run?.ids ?? entries().map(({ requirement }) => requirement.id);

for (const id of ids) {
  const entry = findEntry(id);
  if (entry === undefined) throw new Error(`the catalogue has no requirement ${id}`);
  const { requirement, chapter } = entry;
  const timeout = run?.timeoutMs ?? null;

  test(id, async ({ world }, info) => {
    info.setTimeout((timeout ?? requirement.deadline ?? DEADLINE_MS) + GRACE_MS);
    const now = readRun();
    const met = now === null ? null : readMet(now);
    const ruling = met?.launch === null ? withoutBrowser(requirement, met.browser) : null;
    const result =
      ruling === null
        ? await judge(requirement, chapter.id, world, timeout === null ? {} : { timeout })
        : unjudged({ requirement, chapter: chapter.id }, ruling.status, ruling.reason);
    info.annotations.push({ type: result.status, description: result.message ?? result.reason ?? '' });
    await info.attach('result', { body: JSON.stringify(result), contentType: 'application/json' });
    // Under another reporter a verdict that nobody reads would look like success.
    if (process.env[REPORTER_VARIABLE] === undefined && result.status !== 'pass') {
      throw new Error(`${result.status}: ${result.message ?? result.reason ?? ''}`);
    }
  });
}
