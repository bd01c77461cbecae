/** A sandbox that deviates, for as long as a test uses it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { SentForms } from '../../fixtures/browser/sent-forms.js';
import { type CheckRun, createEnvironment, provision } from '../../fixtures/environment.js';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, type Sandbox } from '../../fixtures/sandbox/index.js';
import { discover } from '../../fixtures/target/load.js';
import { readReport } from '../../scripts/report/files.js';
import type { CliRunner } from './cli.js';

/** Runs `use` on a listening sandbox with these deviations, and closes it. */
async function onSandbox(deviations: readonly Deviation[], use: (sandbox: Sandbox) => Promise<void>) {
  const sandbox = createSandbox({ deviations });
  const { close } = await sandbox.listen();
  try {
    await use(sandbox);
  } finally {
    await close();
  }
}

/** Looks at a sandbox with these deviations as a run does that begins. */
export function observeSandbox(
  deviations: readonly Deviation[],
  browser: Browser,
  look: (check: CheckRun) => Promise<void>,
): Promise<void> {
  return onSandbox(deviations, async (sandbox) => {
    const target = await discover(sandbox.target());
    const forms = new SentForms(target.issuer);
    const provisioned = await provision(target, browser, 1, { forms });
    const schemas = () => () => [];
    const environment = createEnvironment({
      target,
      browser,
      noBrowserReason: '',
      provisioned,
      forms,
      schemas,
    });
    const check = environment.startCheck();
    await look(check);
    await check.close();
    await environment.close();
  });
}

/** Demands that these requirements pass on a sandbox with these deviations, by the command and one check at a time. */
export function assertPass(
  cli: CliRunner,
  deviations: readonly Deviation[],
  ids: readonly string[],
): Promise<void> {
  return onSandbox(deviations, async (sandbox) => {
    writeFileSync(join(cli.cwd, 'one.json'), JSON.stringify(sandbox.target()));
    const only = ids.flatMap((id) => ['--only', id]);
    const { stdout, stderr } = await cli.run('run', 'one.json', ...only, '--workers', '1');
    const { results } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
    assert.deepEqual(
      results.map(({ id, status }) => `${id} ${status}`).sort(),
      ids.map((id) => `${id} pass`).sort(),
      stdout + stderr,
    );
  });
}
