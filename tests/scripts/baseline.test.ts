/** A baseline bites both ways: what it does not name counts, and what it names and is no longer so does too. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyBaseline, type Baseline, updatedBaseline } from '../../scripts/baseline/baseline.js';
import { decide } from '../../scripts/decide.js';
import { sampleResult } from './samples.js';

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
  it('covers its status and no other, and makes a complete-as-agreed run succeed', () => {
    const results = [
      sampleResult('a', 'fail'),
      sampleResult('b', 'warn'),
      sampleResult('c', 'not-tested'),
      sampleResult('d', 'blocked'),
    ];
    const entries = [entry('a', 'fail'), entry('b', 'warn'), entry('c', 'not-tested'), entry('d', 'blocked')];
    const applied = applyBaseline({ entries }, results, KNOWN, TODAY);
    assert.deepEqual(
      applied.results.map(({ status, was }) => [status, was]),
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

  it('names a stale entry, and only one of a requirement that was selected', () => {
    const entries = [entry('a', 'fail'), entry('b', 'fail')];
    const applied = applyBaseline({ entries }, [sampleResult('a', 'pass')], KNOWN, TODAY);
    assert.deepEqual(applied.complaints, [
      'The baseline expects a to be fail, but it is pass: remove the entry.',
    ]);
    const { exit, verdict } = decide(applied.results, { ...policy, complaints: applied.complaints });
    assert.equal(verdict, 'conforming');
    assert.equal(exit.code, 1);
  });

  it('does not cover another status than it expects', () => {
    const applied = applyBaseline(
      { entries: [entry('a', 'warn')] },
      [sampleResult('a', 'fail')],
      KNOWN,
      TODAY,
    );
    assert.equal(applied.results[0]?.status, 'fail');
    assert.equal(applied.complaints.length, 1);
  });

  it('counts to the last day, and complains from the next', () => {
    const result = [sampleResult('a', 'fail')];
    const until = (expires: string) =>
      applyBaseline({ entries: [entry('a', 'fail', { expires })] }, result, KNOWN, TODAY);
    assert.equal(until(TODAY).results[0]?.status, 'known');
    assert.equal(until('2026-11-23').results[0]?.status, 'fail');
    assert.match(until('2026-11-23').complaints.join(), /expired on 2026-11-23/);
  });

  it('complains about an id that nobody knows, whatever was selected', () => {
    const applied = applyBaseline({ entries: [entry('zzz', 'fail')] }, [], KNOWN, TODAY);
    assert.match(
      applied.complaints.join(),
      /names zzz, but there is no such requirement\. Did you mean [abcd]\?/,
    );
  });

  it('looks at what a shard made known anew', () => {
    const known = sampleResult('a', 'known', { was: 'fail' });
    const applied = applyBaseline({ entries: [] }, [known], KNOWN, TODAY);
    assert.equal(applied.results[0]?.status, 'fail');
  });

  it('is updated to what was found: reasons are kept, and what was not selected stays', () => {
    const before = { entries: [entry('a', 'fail'), entry('b', 'fail'), entry('d', 'warn')] };
    const results = [sampleResult('a', 'fail'), sampleResult('b', 'pass'), sampleResult('c', 'warn')];
    const after = updatedBaseline(before, results, TODAY);
    assert.deepEqual(
      after.entries.map(({ id, status }) => `${id} ${status}`),
      ['d warn', 'a fail', 'c warn'],
    );
    assert.equal(after.entries.find(({ id }) => id === 'a')?.reason, 'We agreed so.');
    assert.match(after.entries.find(({ id }) => id === 'c')?.reason ?? '', /^To be explained\./);
  });
});
