/** `run --trace`: traces of red checks alone, readable by their owner alone, and no part of the report. */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CliRunner } from './cli.js';

let cli: CliRunner;
before(() => {
  cli = new CliRunner();
});
after(() => cli.remove());

describe('run --trace', () => {
  it("keeps what the browser did in a failing check, and says what's in it", async () => {
    const { code, stdout, stderr } = await cli.run(
      ...['run', '--defect', 'consent-deny', '--only', 'consent-deny', '--only', 'authz-code-response'],
      ...['--trace', 'traces', '--json'],
    );
    assert.equal(code, 1, stderr);
    const folder = join(cli.cwd, 'traces');
    assert.deepEqual(readdirSync(folder), ['consent-deny.zip']);
    const { mode, size } = statSync(join(folder, 'consent-deny.zip'));
    assert.equal(mode & 0o777, 0o600);
    assert.ok(size > 1_000);
    assert.match(stderr, /Traces of 1 check are in .*traces\. They hold live secrets/);
    assert.ok(!stdout.includes('.zip'));
    assert.deepEqual(cli.leftTemporary(), []);
  });
});
