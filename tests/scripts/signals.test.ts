/** Ctrl-C and termination at any moment: what was judged is reported, and nothing is left. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readReport } from '../../scripts/report/files.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

const MOMENTS: readonly (readonly [
  when: string,
  text: string,
  signal: 'SIGINT' | 'SIGTERM',
  code: number,
])[] = [
  ['while users sign in', 'Judging', 'SIGINT', 130],
  ['after the first chapter', 'discovery ', 'SIGINT', 130],
  ['after the first chapter', 'discovery ', 'SIGTERM', 143],
];

describe('a signal', () => {
  for (const [when, text, signal, code] of MOMENTS) {
    it(`${signal} ${when} ends in order`, async () => {
      const { child, ended, printed } = cli.start(['run']);
      await printed(text);
      child.kill(signal);
      const { code: exit, stdout } = await ended;
      assert.equal(exit, code, stdout);
      const report = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
      assert.equal(report.exit.code, code);
      assert.equal(report.run.interrupted, true);
      assert.equal(report.verdict, 'incomplete');
      const { pass, 'not-tested': untested } = report.counts;
      assert.equal(pass + untested, report.run.selected);
      assert.ok(untested > 0);
      if (text !== 'Judging') assert.ok(pass > 0, 'what was judged is reported');
      assert.deepEqual(cli.leftTemporary(), []);
      assert.deepEqual(cli.processes(), []);
    });
  }

  it("sent twice doesn't wait", async () => {
    const { child, ended, printed } = cli.start(['run']);
    await printed('Judging');
    child.kill('SIGINT');
    child.kill('SIGINT');
    assert.equal((await ended).code, 130);
    assert.deepEqual(cli.leftTemporary(), []);
    assert.deepEqual(cli.processes(), []);
  });

  for (const [when, text] of [
    ['before it began', 'Judging'],
    ['in the middle', 'discovery '],
  ] as const) {
    it(`that kills the process that judges ${when} starts it again for what is left`, async () => {
      const runner = new CliRunner();
      after(() => runner.remove());
      const chapters = ['discovery', 'token'].flatMap((chapter) => ['--chapter', chapter]);
      const { child, ended, printed } = runner.start(['run', 'sandbox', ...chapters, '--out', 'out']);
      await printed(text);
      const others = () =>
        runner
          .processes()
          .map((process_) => Number(process_.split(' ')[0]))
          .filter((pid) => pid !== child.pid);
      while (others().length === 0) await sleep(10);
      for (const pid of others()) kill(pid);
      const { code, stdout, stderr } = await ended;
      assert.equal(code, 0, stdout + stderr);
      assert.match(
        stdout,
        /was ended by SIGKILL\. It's started again for the \d+ requirements that are left/,
      );
      const { counts, run } = readReport(join(runner.cwd, 'out', 'last.json'));
      assert.equal(counts.pass, run.selected);
      assert.deepEqual(runner.processes(), []);
      assert.deepEqual(runner.leftTemporary(), []);
    });
  }

  it('that kills every process of a run at once leaves no password on disk', async () => {
    const runner = new CliRunner();
    after(() => runner.remove());
    const { child, ended, printed } = runner.start(['run', 'sandbox']);
    await printed('discovery ');
    for (const process_ of runner.processes()) kill(Number(process_.split(' ')[0]));
    child.kill('SIGKILL');
    await ended;
    const left = readdirSync(runner.temporary, { recursive: true, encoding: 'utf8' });
    for (const name of left.filter((one) => /\.json$/.test(one))) {
      assert.doesNotMatch(readFileSync(join(runner.temporary, name), 'utf8'), /in-the-sandbox/, name);
    }
    assert.ok(left.length > 0, 'the folder of the run is there, since nobody was left to remove it');
  });
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
