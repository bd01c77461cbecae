/** A sample of what scripts/same-verdicts.ts tries in full: the way of running changes no verdict. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ComparedResult, differences } from '../../scripts/dev/same-verdicts/compare.js';
import { compareVerdicts } from '../../scripts/dev/same-verdicts/same-verdicts.js';
import { listVariations } from '../../scripts/dev/same-verdicts/ways.js';
import { catalog } from '../../suites/catalog.js';

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

  it('finds nothing where several runs together say the same', () => {
    const others = [
      { name: 'one', results: [judged('b', 'blocked', 'a')] },
      { name: 'two', results: [judged('a', 'pass')] },
    ];
    assert.deepEqual(differences(plain, others), []);
  });

  it('names what is missing, twice, strange or different', () => {
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
  it('are workers, shards, orders, chapters and requirements alone', () => {
    const ways = listVariations({
      workers: [1, 4],
      shards: 3,
      seeds: ['x'],
      chapters: [],
      each: ['token-exchange'],
    });
    assert.deepEqual(
      ways.map(({ name, runs }) => [name, runs.length]),
      [
        ['--workers 1', 1],
        ['--workers 4', 1],
        ['3 shards', 3],
        ['--order x', 1],
        ['each chapter alone', catalog.length],
        ['each requirement alone', 1],
      ],
    );
  });
});

describe('a run', () => {
  it('gives the same verdicts by workers, shards, another order and chapters alone', async () => {
    const said: string[] = [];
    const compared = await compareVerdicts({
      workers: [4],
      shards: 2,
      seeds: ['sample'],
      chapters: ['discovery', 'userinfo'],
      each: false,
      defects: ['discovery-pkce-methods', 'userinfo-sub'],
      print: (line) => said.push(line),
    });
    assert.deepEqual(compared.differences, []);
    assert.equal(compared.runs, 7);
    assert.match(said[0] ?? '', /^plain run: .*1 fail/);
    assert.match(said[0] ?? '', /1 warn/);
  });
});
