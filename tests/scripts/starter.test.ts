/** `tutorial starter DIR`. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

describe('tutorial starter', () => {
  it('writes an app that Node can parse, says how to run it, and keeps a file that is already there', async () => {
    const { code, stdout } = await cli.run('tutorial', 'starter', 'my-app');
    assert.equal(code, 0, stdout);
    const path = join('my-app', 'app.mjs');
    assert.ok(stdout.includes(`Wrote ${path}`) && stdout.includes(`node ${path}`), stdout);
    execFileSync(process.execPath, ['--check', join(cli.cwd, path)]);
    const before = readFileSync(join(cli.cwd, path), 'utf8');
    assert.doesNotMatch(before, /sourceMappingURL|from '\./, 'it imports nothing but Node');
    const again = await cli.run('tutorial', 'starter', 'my-app');
    assert.equal(again.code, 2);
    assert.match(again.stderr, /^my-app\/app\.mjs already exists\. Name another folder\.\n$/);
    assert.equal(readFileSync(join(cli.cwd, path), 'utf8'), before);
  });

  it('tells what to set when it runs without settings', async () => {
    const { code } = await cli.run('tutorial', 'starter', 'bare');
    assert.equal(code, 0);
    assert.throws(
      () =>
        execFileSync(process.execPath, [join(cli.cwd, 'bare', 'app.mjs')], {
          env: { PATH: process.env.PATH },
          stdio: 'pipe',
          encoding: 'utf8',
        }),
      /ISSUER/,
    );
  });
});
