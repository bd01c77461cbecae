/** A run with clients of the target file judges each requirement exactly once, in whichever project its check is. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { Interrupts } from '../../scripts/run/interruption.js';
import { runEngine } from '../../scripts/run/run-engine.js';
import { discoverTarget } from '../../scripts/run/target.js';
import { catalog } from '../../suites/catalog.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import { isSerial } from '../../suites/serial.js';
import { registerConfiguredClient } from '../fixtures/configured-clients.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

/** They need no browser. */
const QUICK = ['discovery-document', 'discovery-stable', 'client-register', 'token-error-format'];
const ORDINARY = ['discovery-document', 'token-exchange', 'token-no-store', 'userinfo-get'];
const LAST = ['token-code-single-use', 'revoke-access-token'];

describe('run with clients of the target file', () => {
  for (const [title, ids] of [
    ['ordinary checks beside those that run last', [...ORDINARY, ...LAST]],
    ['ordinary checks only', QUICK],
    ['checks that run last only', LAST],
  ] as const) {
    it(`judges each requirement once: ${title}`, async () => {
      const ran = await countsOf(ids);
      assert.deepEqual([...ran].sort(), ids.map((id) => [id, 1]).sort());
    });
  }
});

/** @returns how often each check ran */
async function countsOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sandbox = createSandbox();
  const listening = await sandbox.listen();
  const interrupts = new Interrupts();
  try {
    const clients = {
      first: await registerConfiguredClient(sandbox),
      second: await registerConfiguredClient(sandbox),
      public: await registerConfiguredClient(sandbox, 'none'),
    };
    const file = join(cli.cwd, 'target.json');
    writeFileSync(file, JSON.stringify({ ...sandbox.target(), clients }));
    const ran = new Map<string, number>();
    const progress = {
      say: () => undefined,
      begin: () => undefined,
      result: ({ id }: { id: string }) => ran.set(id, (ran.get(id) ?? 0) + 1),
      end: async () => undefined,
    };
    const { target } = await discoverTarget(loadTarget(file), interrupts, progress);
    const planned = plan(catalog, target, { ...EVERYTHING, only: ids });
    assert.deepEqual(
      planned
        .filter(({ requirement }) => isSerial(requirement, target))
        .map(({ requirement }) => requirement.id),
      LAST.filter((id) => ids.includes(id)).sort((one, other) => order(one) - order(other)),
    );
    await runEngine(planned, target, OPTIONS, progress, interrupts, () => undefined);
    return ran;
  } finally {
    interrupts.release();
    await listening.close();
  }
}

const order = (id: string) =>
  catalog.flatMap(({ requirements }) => requirements.map((one) => one.id)).indexOf(id);

const OPTIONS = {
  browserPath: null,
  noBrowser: false,
  headed: false,
  workers: 2,
  mostWorkers: 2,
  timeoutMs: null,
  maxWait: 0,
  rate: null,
  intrusive: false,
  thorough: false,
  out: join(cli.cwd, '.polar-conformance'),
  traces: null,
};
