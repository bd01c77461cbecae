/** What a baseline accepts is never printed as conforming: not on the terminal, not when quiet, and in no file. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { FORMATS, formatReport } from '../../scripts/report/formats/index.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { CliRunner } from './cli.js';
import { sampleReport, sampleResult } from './samples.js';

const KNOWN = { reason: 'The proxy strips it.', expires: '2027-01-31', link: 'https://bugs.example/7' };
const report = sampleReport([
  sampleResult('token-a', 'pass'),
  sampleResult('token-b', 'known', {
    baselineStatus: 'fail',
    message: 'The answer may be stored.',
    known: KNOWN,
  }),
  sampleResult('token-c', 'known', {
    baselineStatus: 'not-tested',
    reason: 'No second user.',
    known: { ...KNOWN, expires: null },
  }),
]);

const options = { width: 200, color: false, savedAs: null };
const TEXTS: readonly (readonly [string, string])[] = [
  ['on the terminal', renderTerminal(report, { ...options, quiet: false })],
  ['on the terminal when quiet', renderTerminal(report, { ...options, quiet: true })],
  ...FORMATS.map((format) => [`as ${format}`, formatReport(format, report)] as const),
];

describe('known failures', () => {
  it('have their own verdict and exit code', () => {
    assert.equal(report.verdict, 'known-failures');
    assert.equal(report.exit.code, 0);
  });

  for (const [where, text] of TEXTS) {
    it(`are never called conforming ${where}`, () => {
      // A style sheet names every verdict.
      assert.doesNotMatch(text.replace(/<style>[\s\S]*<\/style>/, ''), /conforming/i);
    });

    it(`show their reason and their last day ${where}`, () => {
      for (const part of ['token-b', KNOWN.reason, KNOWN.expires]) assert.ok(text.includes(part), part);
    });

    it(`are counted in the headline ${where}`, () => {
      if (where.endsWith('json')) return assert.match(text, /"known": 2/);
      assert.match(
        text,
        /Passing with 1 known failure and 1 known gap: 1 of 3 requirements passed \(2 known\)/,
      );
    });
  }

  it('fail the run if one has expired, and the headline says so', () => {
    const late = sampleReport([sampleResult('token-a', 'pass')], {
      policy: { strict: false, allowIncomplete: false, interrupted: null, complaints: ['It expired.'] },
    });
    assert.equal(late.exit.code, 1);
    for (const format of FORMATS) {
      if (format === 'json') continue;
      assert.match(
        formatReport(format, late),
        /The baseline is out of date: all 1 requirement passed/,
        format,
      );
    }
  });
});

describe('a baseline written by a run', () => {
  const cli = new CliRunner();
  after(() => cli.remove());
  const RUN = ['run', '--only', 'token-{exchange,no-store}', '--defect', 'token-no-store', '--quiet'];
  const baseline = ['--baseline', 'known.json'];

  it('names the written file, and passes on the next run with each reason on screen', async () => {
    const written = await cli.run(...RUN, ...baseline, '--update-baseline');
    assert.equal(written.code, 0, written.stdout);
    assert.match(written.stderr, /^Written: known\.json, with 1 entry\. 1 still needs your reason\.\n$/);
    const path = join(cli.cwd, 'known.json');
    const explained = readFileSync(path, 'utf8')
      .replace(/"To be explained\.[^"]*"/, '"The proxy strips it."')
      .replace('"reason"', '"expires": "2999-12-31", "reason"');
    writeFileSync(path, explained);
    const next = await cli.run(...RUN, ...baseline);
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.match(
      next.stdout,
      /^KNOWN token-no-store: .* Accepted: The proxy strips it\. Until 2999-12-31\.$/m,
    );
    assert.match(next.stdout, /^Passing with 1 known failure: 1 of 2 selected requirements passed/m);
    assert.doesNotMatch(next.stdout, /conforming/i);
  });
});
