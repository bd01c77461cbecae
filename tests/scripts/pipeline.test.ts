/** A pipeline as a release engineer builds it: healthy, broken, with a baseline, fixed. And the action's own script. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { readBaseline } from '../../scripts/baseline/file.js';
import { Checkout, FEW } from './checkout.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

const ID = 'discovery-jwks-public-only';
const file = (name: string) => join(cli.cwd, name);
/** Those of a chapter that need no browser. */
const chapter = ['run', '--only', 'discovery-{document,issuer-match,re*,pkce-methods,stable,jwks-*}'];

describe('a pipeline', () => {
  it("passes on a healthy server, fails on a broken one, and reports a stale baseline once it's fixed", async () => {
    const healthy = await cli.run(...chapter, '--report', 'json=healthy.json');
    assert.equal(healthy.code, 0, healthy.stdout);

    const formats = ['json=broken.json', 'junit=junit.xml', 'html=report.html', 'markdown=summary.md'];
    const reports = formats.flatMap((format) => ['--report', format]);
    const broken = await cli.run(...chapter, '--defect', ID, ...reports);
    assert.equal(broken.code, 1, broken.stdout);
    assert.match(readFileSync(file('junit.xml'), 'utf8'), new RegExp(`name="${ID}"[^>]*>\\s*<failure `));
    assert.match(readFileSync(file('report.html'), 'utf8'), new RegExp(`id="${ID}" data-status="fail" open`));
    assert.match(readFileSync(file('summary.md'), 'utf8'), new RegExp(`### ❌ \`${ID}\``));

    const worse = await cli.run('compare', 'healthy.json', 'broken.json');
    assert.equal(worse.code, 1);
    assert.match(worse.stdout, new RegExp(`Newly failing\\n {2}${ID} pass → fail`));
    assert.equal((await cli.run('compare', 'broken.json', 'healthy.json')).code, 0);

    const baseline = ['--baseline', 'known.json'];
    const agreed = await cli.run(...chapter, '--defect', ID, ...baseline, '--update-baseline');
    assert.equal(agreed.code, 0, agreed.stdout);
    const expected = await cli.run(...chapter, '--defect', ID, ...baseline);
    assert.equal(expected.code, 0, expected.stdout);
    const fixed = await cli.run(...chapter, ...baseline);
    assert.equal(fixed.code, 1, fixed.stdout);
    assert.match(fixed.stdout, new RegExp(`expects ${ID}\\s+to\\s+be\\s+fail`));
  });

  it('judges the same in three shards as in one', async () => {
    for (const index of [1, 2, 3]) {
      const { code, stdout } = await cli.run(
        ...chapter,
        '--shard',
        `${index}/3`,
        '--report',
        `json=shard-${index}.json`,
      );
      assert.equal(code, 0, stdout);
    }
    const shards = [1, 2, 3].map((index) => `shard-${index}.json`);
    const whole = await cli.run('merge', ...shards, '--report', 'json=merged.json');
    assert.equal(whole.code, 0, whole.stdout);
    assert.equal((await cli.run('compare', 'healthy.json', 'merged.json')).code, 0);
    const partial = await cli.run('merge', ...shards.slice(1));
    assert.equal(partial.code, 3);
    assert.match(partial.stdout, /shard 1\/3 is\s+missing/);
  });
});

/** The snippets of the documentation as they stand; an npx of ours starts the program that was built, on a few rules. */
describe('docs/ci.md', () => {
  it('has a shell snippet that runs', async () => {
    const place = newCheckout();
    const [snippet = ''] = snippetsOf('A plain shell', 'sh');
    const { code, output } = await place.shell(snippet);
    assert.equal(code, 0, output);
    for (const name of ['junit.xml', 'report.html', 'report.json']) assert.ok(place.has(name), name);
    place.remove();
  });

  it('has a GitHub job for several machines, and one that merges their reports', async () => {
    const place = newCheckout();
    const [job = ''] = snippetsOf('Several machines', 'yaml');
    const shards = /shard: \[(.*)\]/.exec(job)?.[1]?.match(/\d\/\d/g) ?? [];
    assert.deepEqual(shards, ['1/3', '2/3', '3/3']);
    const command = /- run: (.*)$/m.exec(job)?.[1] ?? '';
    for (const [index, shard] of shards.entries()) {
      const words = command
        .replace(/\$\{\{ matrix\.shard \}\}/, shard)
        .replace(/\$\{\{ strategy\.job-index \}\}/, String(index));
      const { code, output } = await place.shell(words);
      assert.equal(code, 0, output);
    }
    const [merge = ''] = snippetsOf('Several machines', 'sh');
    const { code, output } = await place.shell(merge);
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`^Conforming: all ${FEW.length} selected requirements passed`, 'm'));
    assert.ok(place.has('junit.xml'));
    place.remove();
  });

  it('has a GitLab job that writes the artifacts it names', async () => {
    const place = newCheckout();
    const [job = ''] = snippetsOf('GitLab CI', 'yaml');
    const script = /^ {2}script:\n((?: {4}- .*\n)+)/m.exec(job)?.[1]?.replace(/^ {4}- /gm, '') ?? '';
    const { code, output } = await place.shell(`set -e\n${script}`, {
      CI_NODE_INDEX: '2',
      CI_NODE_TOTAL: '3',
    });
    assert.equal(code, 0, output);
    assert.match(job, /paths: \[shard-\*\.json\]/);
    assert.ok(place.has('shard-2.json'));
    assert.ok(place.has(/junit: (\S+) \}/.exec(job)?.[1] ?? 'no report'));
    place.remove();
  });

  it('has a GitHub job with inputs that the action has', () => {
    const [job = ''] = snippetsOf('GitHub Actions', 'yaml');
    const given = /uses: \.\/\.github\/actions\/run.*\n +with:\n((?: {10}.*\n)+)/.exec(job)?.[1] ?? '';
    const names = [...given.matchAll(/^ +(\w+):/gm)].map(([, name]) => name);
    assert.ok(names.length > 0, job);
    for (const name of names) assert.ok(inputsOfAction().includes(name ?? ''), name);
  });

  it('has a valid baseline', () => {
    const [example = ''] = snippetsOf('A baseline', 'json');
    writeFileSync(file('example.json'), example);
    assert.equal(readBaseline(file('example.json')).entries[0]?.id, 'token-no-store');
  });
});

describe('the action', () => {
  const inputs = { TARGET: '', PROFILE: '', BASELINE: '', ARGUMENTS: '', VERSION: 'latest', OUT: 'out' };

  it('passes every input to its script, and lists every output', () => {
    const action = readFileSync(ACTION, 'utf8');
    const script = readFileSync(SCRIPT, 'utf8');
    const given = [...action.matchAll(/^ {8}([A-Z]+): \$\{\{ inputs\.(\w+) \}\}$/gm)];
    assert.deepEqual(given.map(([, , input]) => input).sort(), [...inputsOfAction()].sort());
    assert.deepEqual(given.map(([, name]) => name).sort(), Object.keys(inputs).sort());
    for (const name of Object.keys(inputs)) assert.match(script, new RegExp(`\\$${name}\\b`), name);
    for (const name of ['verdict', 'counts', 'json', 'junit', 'html']) {
      assert.ok(action.includes(`value: \${{ steps.run.outputs.${name} }}`), name);
    }
  });

  it("hands on the command's exit code, verdict, counts and reports", async () => {
    const place = newCheckout();
    const { code, output } = await place.action(fileURLToPath(SCRIPT), {
      ...inputs,
      PROFILE: 'polar',
      ARGUMENTS: `--defect ${ID} --order "some seed"`,
    });
    assert.equal(code, 1, output);
    const described = place.read('github-output');
    assert.match(described, /^verdict=not-conforming$/m);
    assert.match(described, /^counts=\{"pass":\d+,"fail":1,/m);
    for (const format of ['json', 'junit', 'html']) {
      const path = new RegExp(`^${format}=(.*)$`, 'm').exec(described)?.[1] ?? '';
      assert.ok(path !== '' && place.has(path), `${format}: ${path}`);
    }
    assert.match(place.read('github-summary'), new RegExp(ID));
    place.remove();
  });

  it('accepts names with a space, and the baseline', async () => {
    const place = newCheckout();
    place.write('its target.json', place.read('staging.json'));
    const entry = { id: ID, status: 'fail', reason: 'Agreed.', expires: '2020-01-01' };
    place.write('its baseline.json', JSON.stringify({ entries: [entry] }));
    const { code, output } = await place.action(fileURLToPath(SCRIPT), {
      ...inputs,
      TARGET: 'its target.json',
      BASELINE: 'its baseline.json',
      OUT: 'its reports',
    });
    assert.equal(code, 1, output);
    assert.match(output, /expired\s+on\s+2020-01-01/);
    assert.ok(place.has('its reports/junit.xml'));
    place.remove();
  });

  for (const wrong of ['--only nosuch', '--order "never closed']) {
    it(`exits with 2 and no report: ${wrong}`, async () => {
      const place = newCheckout();
      const { code, output } = await place.action(fileURLToPath(SCRIPT), { ...inputs, ARGUMENTS: wrong });
      assert.equal(code, 2, output);
      assert.ok(!place.has('github-output'));
      place.remove();
    });
  }
});

const ROOT = new URL('../../../', import.meta.url);
const ACTION = new URL('.github/actions/run/action.yml', ROOT);
const SCRIPT = new URL('.github/actions/run/run.sh', ROOT);

let staging: Awaited<ReturnType<ReturnType<typeof createSandbox>['listen']>>;
let target = '';
before(async () => {
  const sandbox = createSandbox();
  staging = await sandbox.listen();
  target = JSON.stringify({ ...sandbox.target(), name: 'staging' });
});
after(() => staging.close());

const newCheckout = () =>
  new Checkout({ 'staging.json': target, 'known.json': JSON.stringify({ entries: [] }) });

/** @returns the snippets of a language under a heading, in order */
function snippetsOf(heading: string, language: string): readonly string[] {
  const text = readFileSync(new URL('docs/ci.md', ROOT), 'utf8');
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  return blocks.filter(([, name]) => name === language).map(([, , body = '']) => body);
}

function inputsOfAction(): readonly string[] {
  const [, inputs = ''] = /^inputs:\n(.*?)^outputs:/ms.exec(readFileSync(ACTION, 'utf8')) ?? [];
  return [...inputs.matchAll(/^ {2}(\w+):$/gm)].map(([, name = '']) => name);
}
