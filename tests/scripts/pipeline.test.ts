/** A pipeline as a release engineer builds it: healthy, broken, agreed upon, mended. And the action's own script. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Bench } from './cli.js';

const bench = new Bench();
after(() => bench.remove());

const ID = 'discovery-jwks-public-only';
const file = (name: string) => join(bench.cwd, name);
const chapter = ['run', '--chapter', 'discovery'];

describe('a pipeline', () => {
  it('is green on a healthy server, red under one name on a broken one, and bites when it is mended', async () => {
    const healthy = await bench.run(...chapter, '--report', 'json=healthy.json');
    assert.equal(healthy.code, 0, healthy.stdout);

    const formats = ['json=broken.json', 'junit=junit.xml', 'html=report.html', 'markdown=summary.md'];
    const reports = formats.flatMap((format) => ['--report', format]);
    const broken = await bench.run(...chapter, '--defect', ID, ...reports);
    assert.equal(broken.code, 1, broken.stdout);
    assert.match(readFileSync(file('junit.xml'), 'utf8'), new RegExp(`name="${ID}"[^>]*status="fail"`));
    assert.match(readFileSync(file('report.html'), 'utf8'), new RegExp(`id="${ID}" data-status="fail" open`));
    assert.match(readFileSync(file('summary.md'), 'utf8'), new RegExp(`### ❌ \`${ID}\``));

    const worse = await bench.run('compare', 'healthy.json', 'broken.json');
    assert.equal(worse.code, 1);
    assert.match(worse.stdout, new RegExp(`Newly failing\\n {2}${ID} pass → fail`));
    assert.equal((await bench.run('compare', 'broken.json', 'healthy.json')).code, 0);

    const baseline = ['--baseline', 'known.json'];
    const agreed = await bench.run(...chapter, '--defect', ID, ...baseline, '--update-baseline');
    assert.equal(agreed.code, 0, agreed.stdout);
    const expected = await bench.run(...chapter, '--defect', ID, ...baseline);
    assert.equal(expected.code, 0, expected.stdout);
    const mended = await bench.run(...chapter, ...baseline);
    assert.equal(mended.code, 1, mended.stdout);
    assert.match(mended.stdout, new RegExp(`expects fail of ${ID}`));
  });

  it('judges in three shards as in one, and misses none', async () => {
    for (const index of [1, 2, 3]) {
      const { code, stdout } = await bench.run(
        ...chapter,
        '--shard',
        `${index}/3`,
        '--report',
        `json=shard-${index}.json`,
      );
      assert.equal(code, 0, stdout);
    }
    const shards = [1, 2, 3].map((index) => `shard-${index}.json`);
    const whole = await bench.run('merge', ...shards, '--report', 'json=merged.json');
    assert.equal(whole.code, 0, whole.stdout);
    assert.equal((await bench.run('compare', 'healthy.json', 'merged.json')).code, 0);
    const partial = await bench.run('merge', ...shards.slice(1));
    assert.equal(partial.code, 3);
    assert.match(partial.stdout, /shard 1\/3 is\s+missing/);
  });

  it("runs as the action does, and hands on the command's exit code and verdict", async () => {
    const out = file('action');
    const output = file('github-output');
    const summary = file('github-summary');
    mkdirSync(out, { recursive: true });
    const cli = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(fileURLToPath(new URL('../../../.github/actions/run/run.sh', import.meta.url)), {
        cwd: bench.cwd,
        stdio: 'ignore',
        env: {
          ...process.env,
          POLAR_CONFORMANCE: `${process.execPath} ${cli}`,
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          TARGET: '',
          PROFILE: 'polar',
          BASELINE: '',
          ARGUMENTS: `--chapter discovery --defect ${ID}`,
          VERSION: 'latest',
          OUT: out,
        },
      });
      child.on('close', resolve);
    });
    assert.equal(code, 1);
    const told = readFileSync(output, 'utf8');
    assert.match(told, /^verdict=not-conforming$/m);
    assert.match(told, /^counts=\{"pass":\d+,"fail":1,/m);
    const junit = /^junit=(.*)$/m.exec(told)?.[1] ?? '';
    assert.ok(existsSync(junit));
    assert.match(readFileSync(summary, 'utf8'), new RegExp(ID));
  });
});
