/** A baseline works both ways: what it doesn't name counts, and so does what it names and is no longer true. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  applyBaseline,
  BASELINE_STATUSES,
  type Baseline,
  updateBaseline,
} from '../../scripts/baseline/baseline.js';
import { readBaseline } from '../../scripts/baseline/file.js';
import { decide } from '../../scripts/decide.js';
import { readReport } from '../../scripts/report/files.js';
import { FORMATS, formatReport } from '../../scripts/report/formats/index.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { findReportViolations } from '../../scripts/report/validate.js';
import { STATUSES } from '../../suites/result.js';
import { CliRunner } from './cli.js';
import { sampleReport, sampleResult } from './samples.js';

const KNOWN = new Set(['a', 'b', 'c', 'd']);
const TODAY = '2026-11-24';
const entry = (id: string, status: Baseline['entries'][number]['status'], more: object = {}) => ({
  id,
  status,
  reason: 'We agreed so.',
  ...more,
});
const policy = { strict: true, allowIncomplete: false, interrupted: null };

describe('a baseline', () => {
  it('covers only its status, and lets a run with nothing else pass', () => {
    const results = [
      sampleResult('a', 'fail'),
      sampleResult('b', 'warn'),
      sampleResult('c', 'not-tested'),
      sampleResult('d', 'blocked'),
    ];
    const entries = [entry('a', 'fail'), entry('b', 'warn'), entry('c', 'not-tested'), entry('d', 'blocked')];
    const applied = applyBaseline({ entries }, results, KNOWN, TODAY);
    assert.deepEqual(
      applied.results.map(({ status, baselineStatus }) => [status, baselineStatus]),
      [
        ['known', 'fail'],
        ['known', 'warn'],
        ['known', 'not-tested'],
        ['known', 'blocked'],
      ],
    );
    assert.deepEqual(applied.complaints, []);
    assert.equal(decide(applied.results, { ...policy, complaints: applied.complaints }).exit.code, 0);
  });

  it('names a stale entry, but only of a selected requirement', () => {
    const entries = [entry('a', 'fail'), entry('b', 'fail')];
    const applied = applyBaseline({ entries }, [sampleResult('a', 'pass')], KNOWN, TODAY);
    assert.deepEqual(applied.complaints, [
      'The baseline expects a to be fail, but it is pass: remove the entry.',
    ]);
    const { exit, verdict } = decide(applied.results, { ...policy, complaints: applied.complaints });
    assert.equal(verdict, 'conforming');
    assert.equal(exit.code, 1);
  });

  it("doesn't cover a status it doesn't expect", () => {
    const applied = applyBaseline(
      { entries: [entry('a', 'warn')] },
      [sampleResult('a', 'fail')],
      KNOWN,
      TODAY,
    );
    assert.equal(applied.results[0]?.status, 'fail');
    assert.equal(applied.complaints.length, 1);
  });

  it('holds through the last day, and complains the day after', () => {
    const result = [sampleResult('a', 'fail')];
    const until = (expires: string) =>
      applyBaseline({ entries: [entry('a', 'fail', { expires })] }, result, KNOWN, TODAY);
    assert.equal(until(TODAY).results[0]?.status, 'known');
    assert.equal(until('2026-11-23').results[0]?.status, 'fail');
    assert.match(until('2026-11-23').complaints.join(), /expired on 2026-11-23/);
  });

  it('complains about an unknown id, whatever was selected', () => {
    const applied = applyBaseline({ entries: [entry('zzz', 'fail')] }, [], KNOWN, TODAY);
    assert.match(
      applied.complaints.join(),
      /names zzz, but there is no such requirement\. Did you mean [abcd]\?/,
    );
  });

  it('looks again at what a shard made known', () => {
    const known = sampleResult('a', 'known', { baselineStatus: 'fail' });
    const applied = applyBaseline({ entries: [] }, [known], KNOWN, TODAY);
    assert.equal(applied.results[0]?.status, 'fail');
  });

  it('is updated to what was found: reasons are kept, and what was not selected stays', () => {
    const before = { entries: [entry('a', 'fail'), entry('b', 'fail'), entry('d', 'warn')] };
    const results = [sampleResult('a', 'fail'), sampleResult('b', 'pass'), sampleResult('c', 'warn')];
    const after = updateBaseline(before, results, TODAY);
    assert.deepEqual(
      after.entries.map(({ id, status }) => `${id} ${status}`),
      ['d warn', 'a fail', 'c warn'],
    );
    assert.equal(after.entries.find(({ id }) => id === 'a')?.reason, 'We agreed so.');
    assert.match(after.entries.find(({ id }) => id === 'c')?.reason ?? '', /^To be explained\./);
  });

  it('does not ask to take out what could not be looked at this time', () => {
    const printed = (expected: Baseline['entries'][number]['status'], is: (typeof STATUSES)[number]) =>
      applyBaseline({ entries: [entry('a', expected)] }, [sampleResult('a', is)], KNOWN, TODAY).complaints;
    for (const expected of BASELINE_STATUSES) assert.deepEqual(printed(expected, 'error'), [], expected);
    for (const is of ['blocked', 'not-tested'] as const) {
      assert.deepEqual([...printed('fail', is), ...printed('warn', is)], [], is);
    }
    for (const is of ['pass', 'fail', 'warn', 'not-applicable'] as const) {
      assert.equal(printed('blocked', is).length, 1, is);
      assert.equal(printed('not-tested', is).length, 1, is);
    }
  });

  for (const status of STATUSES.filter((one) => one !== 'known')) {
    it(`written for a result of status ${status} gives a report that every format can show`, () => {
      const results = [sampleResult('a', status)];
      const written = updateBaseline({ entries: [] }, results, TODAY);
      const expected = BASELINE_STATUSES.some((one) => one === status);
      assert.equal(written.entries.length, expected ? 1 : 0);
      const applied = applyBaseline(written, results, KNOWN, TODAY);
      assert.deepEqual(applied.complaints, []);
      assert.equal(applied.results[0]?.status, expected ? 'known' : status);
      const report = sampleReport(applied.results);
      assert.deepEqual(findReportViolations(report), []);
      for (const format of FORMATS) assert.match(formatReport(format, report), /known|a/, format);
      for (const quiet of [true, false]) {
        assert.notEqual(renderTerminal(report, { width: 80, color: false, quiet, savedAs: null }), '');
      }
      // What one shard made known is read again by a merge.
      assert.deepEqual(
        applyBaseline(written, applied.results, KNOWN, TODAY).results[0]?.baselineStatus,
        applied.results[0]?.baselineStatus,
      );
    });
  }
});

describe('run with a baseline', () => {
  const cli = new CliRunner();
  after(() => cli.remove());

  it('expects what it wrote: failed, and blocked by what failed', async () => {
    // Neither of them needs a browser.
    const defect = 'client-management-members';
    const words = ['run', '--only', 'client-{management-members,update}', '--defect', defect];
    const files = ['--baseline', 'b.json'];
    const written = await cli.run(...words, ...files, '--update-baseline');
    assert.equal(written.code, 0, written.stdout + written.stderr);
    const statuses = readBaseline(join(cli.cwd, 'b.json')).entries.map(({ id, status }) => [id, status]);
    assert.deepEqual(new Set(statuses.map(([, status]) => status)), new Set(['fail', 'blocked']));
    const expected = await cli.run(...words, ...files, '--report', 'json=known.json');
    assert.equal(expected.code, 0, expected.stdout + expected.stderr);
    const { results } = readReport(join(cli.cwd, 'known.json'));
    assert.deepEqual(
      results.map(({ id, baselineStatus }) => [id, baselineStatus]),
      statuses,
    );
    const without = await cli.run(...words);
    assert.equal(without.code, 1, without.stdout + without.stderr);
  });
});
