/** `run` itself, on the sandbox: exit codes, what is printed, what is left behind. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { readReport } from '../../scripts/report/files.js';
import type { Report } from '../../scripts/report/report.js';
import { isReport } from '../../scripts/report/validate.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

const last = (): Report => readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
const statuses = ({ results }: Report) => results.map(({ id, status }) => [id, status]);

describe('run', () => {
  it('judges a chapter and leaves one file', async () => {
    const { code, stdout, stderr } = await cli.run('run', '--chapter', 'discovery');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^Judging the built-in sandbox \(http:\/\/localhost:\d+\) by profile polar\.$/m);
    assert.match(
      stdout,
      /^Conforming: all \d+ selected requirements passed; \d+ of \d+ left out by\s--chapter discovery$/m,
    );
    assert.equal(stderr, '');
    assert.deepEqual(cli.left(), ['.polar-conformance', '.polar-conformance/last.json']);
    assert.deepEqual(cli.leftTemporary(), []);
    assert.equal(last().counts.pass, last().run.selected);
  });

  it('fails the requirement of a defect, and again with --failed', async () => {
    const id = 'client-no-store';
    const { code, stdout } = await cli.run(
      'run',
      '--only',
      'client-{register,register-echo,no-store,read}',
      '--defect',
      id,
      '--order',
      '3',
    );
    assert.equal(code, 1, stdout);
    assert.match(stdout, new RegExp(`^FAIL ${id} `, 'm'));
    assert.match(stdout, new RegExp(`repeat ${id} --defect ${id}$`, 'm'));
    assert.deepEqual(
      statuses(last()).filter(([, status]) => status !== 'pass'),
      [[id, 'fail']],
    );
    const again = await cli.run('run', '--failed');
    assert.equal(again.code, 0, again.stdout);
    assert.deepEqual(statuses(last()), [[id, 'pass']]);
    const nothing = await cli.run('run', '--failed');
    assert.equal(nothing.code, 2);
    assert.match(nothing.stderr, /nothing that failed/);
  });

  it('lets a warning decide only with --strict', async () => {
    const args = ['--only', 'discovery-pkce-methods', '--defect', 'discovery-pkce-methods', '--quiet'];
    const mild = await cli.run('run', ...args);
    assert.equal(mild.code, 0);
    assert.match(
      mild.stdout,
      /^Judging the built-in sandbox .*\nWARN discovery-pkce-methods: .*\nConforming: /,
    );
    const strict = await cli.run('run', ...args, '--strict');
    assert.equal(strict.code, 1);
    assert.match(strict.stdout, /^Not conforming: /m);
  });

  it('prints only the report to standard output with --json', async () => {
    const { code, stdout, stderr } = await cli.run(
      ...['run', '--json', '--only', 'discovery-jwks-*', '--report', 'json=out/copy.json', '--workers', '1'],
    );
    const report: unknown = JSON.parse(stdout);
    assert.ok(isReport(report));
    assert.equal(code, 0);
    assert.deepEqual(cli.json('out/copy.json'), report);
    assert.deepEqual(last(), report);
    assert.match(stderr, /^discovery \d+\/\d+$/m);
  });

  it("doesn't test what needs a user without a browser", async () => {
    const args = ['run', '--no-browser', '--only', 'token-*', '--only', 'discovery-document', '--quiet'];
    assert.equal((await cli.run(...args)).code, 3);
    assert.equal(last().verdict, 'incomplete');
    assert.ok(last().counts['not-tested'] > 0 && last().counts.pass > 0);
    assert.equal(last().run.browser, null);
    for (const { status, reason } of last().results) {
      if (status === 'not-tested') assert.match(reason ?? '', /--no-browser/);
    }
    assert.equal((await cli.run(...args, '--allow-incomplete')).code, 0);
  });

  it("treats a browser that doesn't start as none", async () => {
    const { code } = await cli.run(
      'run',
      '--only',
      'token-exchange',
      '--browser',
      'no-such-browser',
      '--quiet',
    );
    assert.equal(code, 3);
    assert.match(last().results[0]?.reason ?? '', /no-such-browser does not start/);
  });

  it("abandons a check after --timeout, and says it's not a verdict", async () => {
    const { code } = await cli.run('run', '--only', 'consent-asked', '--timeout', '0.001', '--quiet');
    assert.equal(code, 3);
    assert.deepEqual(statuses(last()), [['consent-asked', 'error']]);
  });

  it('stops with one sentence when the login is impossible', async () => {
    const sandbox = createSandbox({});
    const listening = await sandbox.listen();
    try {
      const settings = sandbox.target();
      const first = { ...settings.users?.first, password: 'not her password' };
      const file = join(cli.cwd, 'wrong-password.json');
      writeFileSync(file, JSON.stringify({ ...settings, users: { ...settings.users, first } }));
      const { code, stderr } = await cli.run('run', file, '--only', 'token-exchange');
      assert.equal(code, 3);
      assert.match(stderr.trim(), /^The first user can.t sign in: .*\.$/);
      assert.doesNotMatch(stderr, /not her password/);
      const without = await cli.run('run', file, '--only', 'discovery-document', '--quiet');
      assert.equal(without.code, 0, 'what needs nobody is judged all the same');
    } finally {
      await listening.close();
    }
  });

  it('reports our own fault in one sentence, with the place of the details', async () => {
    const broken =
      'import os from "node:os"; import { syncBuiltinESMExports } from "node:module";' +
      'os.tmpdir = () => { throw new TypeError("tmpdir is broken"); }; syncBuiltinESMExports();';
    const { code, stderr } = await cli.start(['run', '--only', 'discovery-document', '--quiet'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(broken)}`,
    }).ended;
    assert.equal(code, 70);
    const path = /^A fault of polar-conformance itself: .*; details are in (.*)\.$/.exec(stderr.trim())?.[1];
    assert.ok(path !== undefined, stderr);
    assert.match(readFileSync(join(cli.cwd, path), 'utf8'), /tmpdir is broken/);
  });

  it('says what to set when there is no folder for temporary files', async () => {
    const { code, stderr } = await cli.start(['run', '--only', 'discovery-document', '--quiet'], {
      TMPDIR: join(cli.folder, 'nowhere'),
    }).ended;
    assert.equal(code, 3);
    assert.match(stderr, /nowhere.*TMPDIR/);
  });

  it('leaves no process and no temporary file', () => {
    assert.deepEqual(cli.leftTemporary(), []);
    assert.deepEqual(cli.processes(), []);
  });
});

describe('sandbox', () => {
  it('serves until a signal ends it', async () => {
    const { child, ended, printed } = cli.start(['sandbox', '--defect', 'discovery-issuer-match']);
    await printed('Press Ctrl-C to stop.');
    child.kill('SIGTERM');
    const { code, stdout } = await ended;
    assert.equal(code, 0);
    assert.match(stdout, /^The sandbox listens at http:\/\/localhost:\d+/);
    assert.match(stdout, /^Breaks on purpose: discovery-issuer-match$/m);
  });
});
