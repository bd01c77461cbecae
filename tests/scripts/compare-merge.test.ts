/** Two reports compared, and the reports of shards merged: what bites, and what is refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareReports } from '../../scripts/report/compare.js';
import { mergeReports } from '../../scripts/report/merge.js';
import type { Report } from '../../scripts/report/report.js';
import { sampleReport, sampleResult } from './samples.js';

const report = (statuses: Readonly<Record<string, Parameters<typeof sampleResult>[1]>>): Report =>
  sampleReport(Object.entries(statuses).map(([id, status]) => sampleResult(id, status)));
const ids = (changes: readonly { readonly id: string }[]) => changes.map(({ id }) => id);

describe('compare', () => {
  it('distinguishes newly failing, fixed and no longer judged', () => {
    const old = report({ a: 'pass', b: 'fail', c: 'pass', d: 'pass', e: 'warn', f: 'fail', g: 'pass' });
    const now = report({ a: 'fail', b: 'pass', c: 'not-tested', d: 'blocked', e: 'fail', f: 'fail' });
    const { newlyFailing, fixed, newlyUnjudged, other } = compareReports(old, now);
    assert.deepEqual(ids(newlyFailing), ['a', 'e']);
    assert.deepEqual(ids(fixed), ['b']);
    assert.deepEqual(ids(newlyUnjudged), ['c', 'd', 'g']);
    assert.deepEqual(ids(other), []);
  });

  it("doesn't count a new warning, or what wasn't judged before, as a regression", () => {
    const { newlyFailing, newlyUnjudged, other } = compareReports(
      report({ a: 'pass', b: 'not-tested' }),
      report({ a: 'warn', b: 'blocked', c: 'pass' }),
    );
    assert.deepEqual([newlyFailing, newlyUnjudged], [[], []]);
    assert.deepEqual(ids(other), ['a', 'b', 'c']);
  });

  it('refuses reports about different targets', () => {
    const other = sampleReport([], {
      target: { name: 'production', issuer: 'https://auth.example', profile: 'polar' },
    });
    assert.throws(() => compareReports(report({}), other), /not about the same target/);
  });
});

describe('merge', () => {
  const policy = { strict: false, allowIncomplete: false };
  const shard = (name: string | null, statuses: Parameters<typeof report>[0]) =>
    sampleReport(report(statuses).results, {
      run: { inProfile: 4, filters: [], shard: name, defects: [], browser: 'Chromium' },
    });

  it('sorts the results by catalog and decides again', () => {
    const merged = mergeReports(
      [shard('2/2', { b: 'fail', d: 'pass' }), shard('1/2', { a: 'pass', c: 'pass' })],
      ['a', 'b', 'c', 'd'],
      policy,
    );
    assert.deepEqual(ids(merged.results), ['a', 'b', 'c', 'd']);
    assert.equal(merged.verdict, 'not-conforming');
    assert.equal(merged.exit.code, 1);
    assert.equal(merged.run.shard, null);
    assert.equal(merged.counts.pass, 3);
    assert.equal(merged.run.selected, 4);
    // The shard knew its target, so the command that it named still works.
    assert.equal(merged.results[1]?.repeatCommand, 'npx polar-conformance repeat b staging.json');
  });

  it('is incomplete if a shard is missing, whatever is allowed', () => {
    const merged = mergeReports([shard('1/2', { a: 'pass' })], ['a'], { ...policy, allowIncomplete: true });
    assert.equal(merged.verdict, 'incomplete');
    assert.equal(merged.exit.code, 3);
    assert.match(merged.exit.reasons.join(' '), /shard 2\/2 is missing/);
  });

  it("refuses reports that aren't shards of one run", () => {
    const one = shard('1/2', { a: 'pass' });
    assert.throws(() => mergeReports([one, one], ['a'], policy), /in more than one of the reports/);
    assert.throws(() => mergeReports([shard(null, {})], [], policy), /not one of a shard/);
    assert.throws(() => mergeReports([one, shard('2/3', {})], ['a'], policy), /different totals/);
    const other = { ...shard('2/2', {}), tool: { ...one.tool, catalogHash: 'another' } };
    assert.throws(() => mergeReports([one, other], ['a'], policy), /another catalog/);
  });
});
