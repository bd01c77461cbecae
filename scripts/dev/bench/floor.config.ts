/** The floor of `npm run bench`: what Playwright itself costs for as many tests and pages. */
import { tmpdir } from 'node:os';
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: /floor\.spec\.(ts|js)$/,
  fullyParallel: true,
  workers: 2,
  reporter: 'null',
  outputDir: `${tmpdir()}/polar-conformance-floor`,
});
