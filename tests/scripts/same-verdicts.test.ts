/** A sample of what scripts/same-verdicts.ts tries in full: the way of running changes no verdict. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ComparedResult, differences } from '../../scripts/dev/same-verdicts/compare.js';
import { randomDelay, randomWays } from '../../scripts/dev/same-verdicts/random-ways.js';
import { compareVerdicts } from '../../scripts/dev/same-verdicts/same-verdicts.js';
import { listVariations } from '../../scripts/dev/same-verdicts/ways.js';

const judged = (
  id: string,
  status: ComparedResult['status'],
  blockedBy: string | null = null,
): ComparedResult => ({
  id,
  status,
  blockedBy,
  message: null,
  reason: null,
});

describe('the comparison', () => {
  const plain = [judged('a', 'pass'), judged('b', 'blocked', 'a')];

  it('finds nothing if several runs together agree', () => {
    const others = [
      { name: 'one', results: [judged('b', 'blocked', 'a')] },
      { name: 'two', results: [judged('a', 'pass')] },
    ];
    assert.deepEqual(differences(plain, others), []);
  });

  it("names what's missing, repeated, unknown or different", () => {
    const others = [
      { name: 'one', results: [judged('b', 'blocked', 'c'), judged('x', 'pass')] },
      { name: 'two', results: [judged('b', 'blocked', 'a')] },
    ];
    assert.deepEqual(differences(plain, others), [
      'x: judged by one only',
      'a: not judged',
      'b: judged by one and two',
      'b: blocked by a in a plain run, blocked by c with one',
    ]);
  });
});

describe('the ways', () => {
  it('are workers, shards, orders, single chapters and single requirements', () => {
    const ways = listVariations({
      workers: [1, 4],
      shards: 3,
      seeds: ['x'],
      chapters: [],
      alone: ['token', 'pkce'],
      each: ['token-exchange'],
    });
    assert.deepEqual(
      ways.map(({ name, runs }) => [name, runs.length]),
      [
        ['--workers 1', 1],
        ['--workers 4', 1],
        ['3 shards', 3],
        ['--order x', 1],
        ['each chapter alone', 2],
        ['each requirement alone', 1],
      ],
    );
  });
});

describe('a run', () => {
  it('gives the same verdicts with other workers, shards, orders and single chapters', async () => {
    const printed: string[] = [];
    const compared = await compareVerdicts({
      workers: [4],
      shards: 2,
      seeds: ['sample'],
      chapters: ['discovery', 'userinfo'],
      each: false,
      defects: ['discovery-pkce-methods', 'userinfo-sub'],
      print: (line) => printed.push(line),
    });
    assert.deepEqual(compared.differences, []);
    assert.equal(compared.runs, 7);
    assert.match(printed[0] ?? '', /^plain run: .*1 fail/);
    assert.match(printed[0] ?? '', /1 warn/);
  });

  it('gives the same verdicts in random combinations, on a slow server', async () => {
    const compared = await compareVerdicts({
      workers: [],
      shards: 1,
      seeds: [],
      chapters: ['discovery'],
      each: false,
      defects: ['discovery-pkce-methods'],
      randomRuns: 3,
      // Requests wait for a slow server as pages do, and cost less.
      further: ['--no-browser'],
      print: () => undefined,
    });
    assert.deepEqual(compared.differences, []);
    assert.ok(compared.runs >= 4, String(compared.runs));
  });
});

describe('random combinations', () => {
  it('split each selection into all its shards, and are named by the options that repeat them', () => {
    let last = 0.1;
    const random = () => {
      last = (last * 7 + 0.37) % 1;
      return last;
    };
    const ways = randomWays(200, ['token'], random);
    assert.equal(new Set(ways.map(({ name }) => name)).size > 20, true);
    for (const { name, runs } of ways) {
      assert.match(name, /^--chapter token --order \w+( --workers [124])?( in [23] shards)?$/);
      const shards = runs.flatMap((run) => (run.includes('--shard') ? [run.at(-1)] : []));
      const expected = runs.length === 1 ? [] : runs.map((_, index) => `${index + 1}/${runs.length}`);
      assert.deepEqual(shards, expected);
    }
    for (let count = 0; count < 100; count += 1) {
      const delay = randomDelay(random);
      assert.ok(delay >= 5 && delay <= 500, String(delay));
    }
  });
});
