/**
 * The Playwright spec: one test for each requirement, which records the result of `judge`. A failed requirement is a
 * verdict, never a failed test: a failed test would cost a new worker, a new browser and a new session.
 */
import { test as base } from '@playwright/test';
import { launchBrowser } from '../fixtures/browser/find-browser.js';
import type { Environment } from '../fixtures/environment.js';
import { SLOWEST } from '../fixtures/time/deadline.js';
import { listEntries } from './catalog.js';
import { printExchange } from './exchange-line.js';
import { GRACE_MS, groupChecks, groupTimeout, judgeGroup, openEnvironment } from './judging.js';
import { REPORTER_VARIABLE, readRun, readSetupResult, writeIssued, writeLeftovers } from './run-file.js';
import { SERIAL_PROJECT, SERIAL_TAG } from './serial.js';

const test = base.extend<object, { environment: Environment }>({
  environment: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use, worker) => {
      const run = readRun();
      if (run === null) throw new Error('no run was prepared');
      const setup = readSetupResult(run);
      const { launch } = setup;
      const browser =
        launch === null ? null : await launchBrowser({ ...launch, headless: !run.browser.headed });
      const environment = openEnvironment(run, setup, {
        browser,
        workerIndex: worker.parallelIndex,
        serial: worker.project.name === SERIAL_PROJECT,
        onExchange: printExchange,
      });
      await use(environment);
      writeIssued(run, worker.workerIndex, environment.issuedTokens());
      writeLeftovers(run, worker.workerIndex, await environment.close());
      await browser?.close();
    },
    { scope: 'worker', timeout: SLOWEST * GRACE_MS },
  ],
});

// With no run file, this is `npx playwright test` in the repository: everything, on the sandbox.
const run = readRun();
const ids = run?.ids ?? listEntries().map(({ requirement }) => requirement.id);

for (const group of groupChecks(ids, run)) {
  const title = group.entries.map(({ requirement }) => requirement.id).join(' ');
  test(title, group.serial ? { tag: SERIAL_TAG } : {}, async ({ environment }, info) => {
    const prepared = readRun();
    if (prepared === null) throw new Error('no run was prepared');
    info.setTimeout(groupTimeout(group, prepared));
    const results = await judgeGroup(group, prepared, readSetupResult(prepared), environment);
    for (const result of results) {
      info.annotations.push({ type: result.status, description: result.message ?? result.reason ?? '' });
      await info.attach('result', { body: JSON.stringify(result), contentType: 'application/json' });
    }
    // With another reporter, nobody reads the verdict, and it would look like success.
    const notKept = results.find(({ status }) => status !== 'pass');
    if (process.env[REPORTER_VARIABLE] === undefined && notKept !== undefined) {
      throw new Error(`${notKept.status}: ${notKept.message ?? notKept.reason ?? ''}`);
    }
  });
}
