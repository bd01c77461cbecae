/** `repeat`: from a red line in any report to every exchange of the check that turned red. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { readReport } from '../../scripts/report/files.js';
import { CliRunner } from './cli.js';
import { findCommands, runAndReadArguments } from './shell.js';

const cli = new CliRunner();
after(() => cli.remove());
const file = (name: string) => join(cli.cwd, name);

const ID = 'discovery-jwks-public-only';

/** A command of a report with the built program in the place of the published one. */
const typed = (command: string) => {
  const words = command.split(' ');
  assert.deepEqual(words.slice(0, 2), ['npx', 'polar-conformance'], command);
  return cli.run(...words.slice(2));
};

describe('the command that a report names', () => {
  it('is the same in every report, and fails with the same words', async () => {
    const formats = ['json=r.json', 'junit=r.xml', 'html=r.html', 'markdown=r.md'];
    const reports = formats.flatMap((format) => ['--report', format]);
    const run = await cli.run('run', '--only', ID, '--defect', ID, ...reports);
    assert.equal(run.code, 1, run.stdout);
    const report = readReport(file('r.json'));
    const [result] = report.results;
    const command = result?.repeatCommand ?? '';
    assert.equal(command, `npx polar-conformance repeat ${ID} --defect ${ID}`);
    assert.ok(run.stdout.includes(`Again     ${command}\n`), run.stdout);
    assert.ok(readFileSync(file('r.xml'), 'utf8').includes(`Again: ${command}</failure>`));
    const html = readFileSync(file('r.html'), 'utf8').replaceAll(/<[^>]+>/g, '');
    assert.ok(html.includes(command), html.slice(0, 500));
    assert.ok(readFileSync(file('r.md'), 'utf8').includes(`- Again: \`${command}\`\n`));

    const again = await typed(command);
    assert.equal(again.code, 1, again.stdout + again.stderr);
    for (const part of [
      `FAIL ${ID}`,
      result?.message ?? '?',
      'Expected',
      'Received',
      'Not conforming: 1 of 1 selected requirement failed',
    ]) {
      assert.ok(again.stdout.replaceAll(/\s+/g, ' ').includes(part), `${part}: ${again.stdout}`);
    }
    assert.ok(findCommands(again.stdout).length > 0);

    // Without a target: the sandbox of the last run, with its defects; `last.json` stays as it was.
    const last = readFileSync(file('.polar-conformance/last.json'), 'utf8');
    const same = await cli.run('repeat', ID);
    assert.equal(same.code, 1, same.stdout + same.stderr);
    assert.match(same.stdout, new RegExp(`The sandbox breaks this on purpose: ${ID}`));
    assert.equal(readFileSync(file('.polar-conformance/last.json'), 'utf8'), last);
    const healthy = await cli.run('repeat', ID, 'sandbox');
    assert.equal(healthy.code, 0, healthy.stdout + healthy.stderr);
    assert.match(healthy.stdout, new RegExp(`PASS ${ID} `));
    assert.match(healthy.stdout, /^Conforming: all 1 selected requirement passed/m);
  });

  it("is left out if it can't be known, and the sentence says so", async () => {
    const report = cli.json('.polar-conformance/last.json');
    assert.ok(isObject(report) && isObject(report.run));
    const { target: _, ...run } = report.run;
    mkdirSync(file('older'), { recursive: true });
    writeFileSync(file('older/last.json'), JSON.stringify({ ...report, run }));
    const ROWS: readonly (readonly [readonly string[], RegExp])[] = [
      [['token-exchang'], /^There is no requirement token-exchang\. Did you mean token-exchange\?$/],
      [['token-*'], /^There is no requirement token-\*\./],
      [
        [ID, '--out', 'nowhere'],
        /^There is no report of a last run at nowhere.last\.json to take the target from: name it/,
      ],
      [
        [ID, '--out', 'older'],
        /^The report at older.last\.json doesn't say which target it was about: name it/,
      ],
      [[ID, 'nosuchfile.json'], /no file nosuchfile\.json/],
      [[ID, '--defect', 'token-exchang'], /Did you mean token-exchange\?$/],
      [[ID, '--timeout', '0'], /number of seconds/],
      [[ID, '--workers', '3'], /no option --workers/],
    ];
    for (const [words, says] of ROWS) {
      const { code, stdout, stderr } = await cli.run('repeat', ...words);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr.trim(), says);
    }
    const unreachable = await cli.run('repeat', ID, 'http://127.0.0.1:9');
    assert.equal(unreachable.code, 3);
    assert.match(unreachable.stderr, /^Nothing listens at 127\.0\.0\.1:9/m);
  });
});

describe('a transcript', () => {
  let close: () => Promise<void>;
  /** Every value of a kind that is secret, as the sandbox answered it. */
  const issued = new Set<string>();
  before(async () => {
    const sandbox = createSandbox({
      aging: true,
      onExchange: async ({ response }) => {
        const text = `${await response.clone().text()} ${response.headers.get('location') ?? ''} ${response.headers.get('set-cookie') ?? ''}`;
        for (const [value] of text.matchAll(/polar_(?:cs|crt|ac|at_[uo]|rt_[uo]|pat)_\w+/g))
          issued.add(value);
        for (const [, value = ''] of text.matchAll(/polar_session(?:_\d+)?=([^;]+)/g)) issued.add(value);
      },
    });
    ({ close } = await sandbox.listen());
    writeFileSync(file('target.json'), JSON.stringify(sandbox.target()));
  });
  after(() => close());

  it('of a public request has a command that repeats it', async () => {
    const { code, stdout, stderr } = await cli.run('repeat', 'discovery-document', 'target.json');
    assert.equal(code, 0, stdout + stderr);
    const [command = ''] = findCommands(stdout);
    const words = runAndReadArguments(command, {});
    const headers = words.flatMap((word, index) => (words[index - 1] === '-H' ? [word] : []));
    const answer = await fetch(words.at(-1) ?? '', {
      headers: headers.map((line): [string, string] => {
        const at = line.indexOf(': ');
        return [line.slice(0, at), line.slice(at + 2)];
      }),
    });
    assert.equal(answer.status, 200);
    assert.ok(stdout.includes(`  ${(await answer.text()).trim().split('\n')[0] ?? '?'}`));
  });

  it('has no secret, even if a page shows one before anyone knows it is one', async () => {
    for (const id of ['token-code-single-use', 'pat-shown-once', 'client-settings-owner-only']) {
      issued.clear();
      const { code, stdout, stderr } = await cli.run('repeat', id, 'target.json');
      assert.equal(code, 0, stdout + stderr);
      assert.ok(issued.size > 1, 'the server gave secrets away');
      for (const secret of issued) assert.ok(!(stdout + stderr).includes(secret), `${id}: ${secret}`);
      const commands = findCommands(stdout);
      assert.ok(commands.length > 1);
      for (const command of commands) {
        assert.equal(spawnSync('sh', ['-n'], { input: command }).status, 0, command);
        for (const [, name = ''] of command.matchAll(/\$\{?([A-Z]\w*)/g)) {
          assert.match(stdout, new RegExp(`^\\$${name} +\\S`, 'm'), `${name} is explained`);
        }
      }
    }
    assert.deepEqual(cli.leftTemporary(), []);
    assert.deepEqual(cli.processes(), []);
  });
});
