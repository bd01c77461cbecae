/**
 * How `npx playwright test` runs the spec, in the repository and compiled in an installed package. The command
 * `polar-conformance run` has an engine of its own, which needs no test runner.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { readRun } from './suites/run-file.js';
import { SERIAL_PROJECT, SERIAL_TAG } from './suites/serial.js';

const run = readRun();
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The same file is TypeScript here and JavaScript in the package. */
const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** In workers of their own, one at a time, when those of the other project are over, whatever came of them. */
const { ids = [], serial = [] } = run ?? {};
const serialProject = { name: SERIAL_PROJECT, grep: new RegExp(SERIAL_TAG), workers: 1 };
const parallelProject = { name: 'parallel', grepInvert: new RegExp(SERIAL_TAG) };

export default defineConfig({
  testDir: here('./suites'),
  testMatch: /conformance\.spec\.(ts|js)$/,
  respectGitIgnore: false,
  // What is compiled already needs no second compiler, whose cache would be cold in every run.
  build: { external: ending === 'js' ? [here('./**/*.js')] : [] },
  fullyParallel: true,
  workers: run?.workers ?? 2,
  retries: 0,
  maxFailures: 0,
  globalSetup: here(`./scripts/engine/setup.${ending}`),
  reporter: [[here(`./scripts/engine/reporter.${ending}`)]],
  // An absolute place: the default lies beside this file, which may be inside an installed package.
  ...(serial.length > 0
    ? {
        projects:
          ids.length > serial.length
            ? [{ ...parallelProject, teardown: SERIAL_PROJECT }, serialProject]
            : [serialProject],
      }
    : {}),
  outputDir: run === null ? here('./test-results') : join(run.folder, 'output'),
  preserveOutput: 'never',
});
