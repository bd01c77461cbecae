/** A result that is blocked by a requirement that passed is judged again, and is never the last word. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockedResults } from '../../scripts/engine/unowned.js';
import type { Result } from '../../suites/result.js';
import { sampleResult } from './samples.js';

const blocked = (id: string, by: string): Result =>
  sampleResult(id, 'blocked', { blockedBy: by, reason: `${by} gave nothing.` });

describe('blocked results', () => {
  it('are kept until the end, and nothing else is', () => {
    const results = new BlockedResults<string>();
    assert.equal(results.keep(sampleResult('a', 'pass'), 'group a'), false);
    assert.equal(results.keep(sampleResult('b', 'fail'), 'group b'), false);
    assert.equal(results.keep(blocked('c', 'b'), 'group c'), true);
    assert.deepEqual(results.take(), { result: blocked('c', 'b'), origin: 'group c', isOwned: true });
    assert.equal(results.take(), null);
  });

  it("have no owner if it passed; one that this run doesn't judge is believed", () => {
    const results = new BlockedResults<string>();
    results.keep(sampleResult('a', 'pass'), '');
    results.keep(blocked('b', 'a'), '');
    results.keep(blocked('c', 'elsewhere'), '');
    assert.equal(results.take()?.isOwned, false);
    assert.equal(results.take()?.isOwned, true);
  });

  it('are settled after those that they are blocked by', () => {
    const results = new BlockedResults<string>();
    results.keep(sampleResult('a', 'pass'), '');
    results.keep(blocked('c', 'b'), '');
    results.keep(blocked('b', 'a'), '');
    const first = results.take();
    assert.equal(first?.result.id, 'b');
    results.settle(blocked('b', 'a'), sampleResult('b', 'pass'));
    assert.deepEqual([results.take()?.isOwned, results.take()], [false, null]);
  });

  it('get the second verdict, with what came first as a remark', () => {
    const results = new BlockedResults<string>();
    results.keep(sampleResult('a', 'pass'), '');
    const settled = results.settle(blocked('b', 'a'), sampleResult('b', 'fail'));
    assert.equal(settled.status, 'fail');
    assert.match(
      settled.remarks[0] ?? '',
      /^Judged in a second try\. In the first one it was blocked by a, which/,
    );
  });

  it("name a related requirement that fails if their owner doesn't", () => {
    const results = new BlockedResults<string>();
    results.keep(sampleResult('token-exchange', 'pass'), '');
    results.keep(sampleResult('refresh-works', 'not-tested'), '');
    results.keep(sampleResult('token-response-members', 'fail'), '');
    const again = blocked('token-get-refused', 'token-exchange');
    const settled = results.settle(again, again);
    assert.deepEqual([settled.status, settled.blockedBy], ['blocked', 'token-response-members']);
    results.keep(blocked('org-refresh', 'refresh-works'), '');
    const next = results.take();
    assert.deepEqual([next?.isOwned, next?.result.blockedBy], [true, 'token-response-members']);
  });

  it('become an error if they stay blocked by what passed', () => {
    const results = new BlockedResults<string>();
    results.keep(sampleResult('a', 'pass'), '');
    const settled = results.settle(blocked('b', 'a'), blocked('b', 'a'));
    assert.equal(settled.status, 'error');
    assert.equal(settled.blockedBy, null);
    assert.equal(settled.reason, 'Blocked by a, which passed: a gave nothing.');
  });
});
