/** More checks are judged at a time where the server takes most of the time, and only there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckCount, type CheckCountOptions } from '../../scripts/engine/check-count.js';
import { CheckQueue } from '../../scripts/engine/check-queue.js';
import { type Group, groupChecks } from '../../suites/judging.js';

const IDLE: CheckCountOptions = { least: 2, most: 16, rate: null, busy: () => 0.1, slow: () => 30 };

/** @returns the checks at a time that it grows to if each answer takes so many milliseconds */
function grow(options: CheckCountOptions, answerMs: (checks: number) => number): number {
  const count = new CheckCount(options);
  let checks = options.least;
  for (let turn = 0; turn < 50; turn += 1) {
    for (let answer = 0; answer < 40; answer += 1) count.answered(answerMs(checks));
    if (count.mayGrow(checks)) checks += 1;
  }
  return checks;
}

describe('the number of checks at a time', () => {
  for (const [title, options, answerMs, expected] of [
    ['stays at a fast server', IDLE, () => 5, 2],
    ['grows at a slow server', IDLE, () => 100, 16],
    ['stays while this process is busy itself', { ...IDLE, busy: () => 0.9 }, () => 100, 2],
    ['stays while this machine is busy', { ...IDLE, slow: () => 150 }, () => 100, 2],
    ['grows to what was asked for', { ...IDLE, most: 4 }, () => 100, 4],
    ['stops at a server that then takes longer', IDLE, (checks: number) => 50 * checks, 5],
    ['stays where the rate is the limit', { ...IDLE, rate: 5 }, () => 100, 2],
    ['grows until the rate is the limit', { ...IDLE, rate: 10 }, () => 500, 5],
  ] as const) {
    it(title, () => assert.equal(grow(options, answerMs), expected));
  }

  it('stays after a few answers, and after one that takes very long', () => {
    const count = new CheckCount(IDLE);
    for (let answer = 0; answer < 9; answer += 1) count.answered(500);
    assert.equal(count.mayGrow(2), false);
    for (let answer = 0; answer < 40; answer += 1) count.answered(answer === 20 ? 1e9 : 0);
    assert.equal(
      count.mayGrow(2),
      true,
      'an average of 33 ms, because no answer counts for more than a second',
    );
    for (let answer = 0; answer < 30; answer += 1) count.answered(1);
    assert.equal(count.mayGrow(2), false);
  });
});

describe('the order of checks', () => {
  const PAGES = [
    'consent-deny',
    'consent-asked',
    'consent-clickjacking',
    'consent-scopes',
    'consent-a11y-names',
  ];
  const ORDINARY = ['token-exchange', 'token-no-store'];
  const LONG = 'robust-authz-bytes-signed-in';
  const idOf = (group: Group | null) => group?.entries[0]?.requirement.id ?? null;
  const queueOf = (...ids: string[]) => new CheckQueue(groupChecks(ids, null), 2);

  it('is that of the catalog with the usual number of checks at a time', () => {
    const ids = [...PAGES, ...ORDINARY, LONG];
    const queue = queueOf(...ids);
    assert.deepEqual(
      ids.map(() => idOf(queue.take(false))),
      ids,
    );
    assert.equal(queue.take(false), null);
  });

  it('begins with what takes long where more checks are judged at a time', () => {
    assert.equal(idOf(queueOf(...ORDINARY, LONG).take(true)), LONG);
  });

  it('has no more than four checks at a time that drive pages', () => {
    const queue = queueOf(...PAGES, ...ORDINARY);
    const taken = Array.from({ length: 7 }, () => queue.take(true));
    assert.deepEqual(taken.map(idOf), [...PAGES.slice(0, 4), ...ORDINARY, null]);
    assert.equal(queue.hasMore(), false);
    const [first] = taken;
    assert.ok(first !== null && first !== undefined);
    queue.ended(first);
    assert.equal(queue.hasMore(), true);
    assert.equal(idOf(queue.take(true)), PAGES[4]);
  });
});
