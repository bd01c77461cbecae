/** A mistake in the options of a script for developers is one sentence and exit code 2, before anything starts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const MISTAKES: readonly (readonly [script: string, words: readonly string[], sentence: RegExp])[] = [
  [
    'scripts/dev/bench/bench.js',
    ['--round', '1'],
    /^Unknown option '--round'\. The options are --rounds, --json, --only\.$/,
  ],
  ['scripts/dev/bench/bench.js', ['run'], /^Unexpected argument 'run'\./],
  ['scripts/dev/bench/bench.js', ['--rounds'], /^Option '--rounds <value>' argument missing\./],
  ['scripts/dev/bench/bench.js', ['--rounds', 'x'], /^--rounds x must be a whole number from 1\.$/],
  ['scripts/dev/bench/bench.js', ['--rounds', '0'], /^--rounds 0 must be a whole number from 1\.$/],
  ['scripts/dev/bench/bench.js', ['--only', 'run,fast'], /^--only fast must be one of run, floor, /],
  ['scripts/dev/bench/bench.js', ['--json', '/no/such/a.json'], /the folder \/no\/such does not exist\.$/],
  ['scripts/dev/bench/sandbox.js', ['--fast'], /^Unknown option '--fast'\. There are no options\.$/],
  ['scripts/dev/bench/tutorial.js', ['--fast'], /^Unknown option '--fast'\. There are no options\.$/],
  ['scripts/dev/docs/write.js', ['here'], /^Unexpected argument 'here'\. There are no options\.$/],
  ['scripts/dev/same-verdicts.js', ['--chapter', 'tokens'], /^--chapter tokens must be one of discovery, /],
  ['scripts/dev/same-verdicts.js', ['--runs', '-1'], /^Option '--runs' argument is ambiguous\./],
  ['scripts/dev/same-verdicts.js', ['--defect', 'no-such'], /no defect breaks no-such\./],
  ['scripts/dev/test.js', ['--fast'], /^Unknown option '--fast'\. The options are --times\.$/],
  ['tests/hostile/all.js', ['--at-once', 'two'], /^--at-once two must be a whole number from 1\.$/],
  ['tests/hostile/all.js', ['no such place'], /^No place and fault is named no such place\.$/],
];

describe('a script for developers', () => {
  for (const [script, words, sentence] of MISTAKES) {
    it(`says what is wrong with ${script} ${words.join(' ')}`, () => {
      const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', path, ...words], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      const lines = stderr.trim().split('\n');
      assert.match(lines.at(-1) ?? '', sentence);
      assert.ok(!/^ +at /m.test(stderr), `a stack trace:\n${stderr}`);
      assert.equal(stdout, '');
      assert.equal(status, 2);
    });
  }
});
