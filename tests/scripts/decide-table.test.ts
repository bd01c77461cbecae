/**
 * Every mixture of results, every flag and every state of a baseline, against the sentences of the contract written
 * down once more, as plain predicates that share nothing with the code.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyBaseline, type BaselineEntry } from '../../scripts/baseline/baseline.js';
import { decide, type Interruption } from '../../scripts/decide.js';
import type { Result } from '../../suites/result.js';
import { sampleResult } from './samples.js';

const TODAY = '2026-11-24';

/** One result of each kind; the id is the kind's name. */
const KINDS = {
  pass: sampleResult('pass', 'pass'),
  fail: sampleResult('fail', 'fail'),
  warn: sampleResult('warn', 'warn'),
  'blocked by the failing': sampleResult('blocked by the failing', 'blocked', { blockedBy: 'fail' }),
  'blocked by the warned': sampleResult('blocked by the warned', 'blocked', { blockedBy: 'warn' }),
  'blocked by another': sampleResult('blocked by another', 'blocked', { blockedBy: 'elsewhere' }),
  'not-tested': sampleResult('not-tested', 'not-tested'),
  'not-applicable': sampleResult('not-applicable', 'not-applicable'),
  error: sampleResult('error', 'error'),
  'known to fail': sampleResult('known to fail', 'known', { baselineStatus: 'fail' }),
  'known to be untested': sampleResult('known to be untested', 'known', { baselineStatus: 'not-tested' }),
} as const;
type Kind = keyof typeof KINDS;

const STATES = ['none', 'covers all', 'covers the failure', 'stale', 'expired', 'unknown'] as const;
type State = (typeof STATES)[number];

const COVERABLE: readonly Kind[] = [
  'fail',
  'warn',
  'blocked by the failing',
  'blocked by the warned',
  'blocked by another',
  'not-tested',
];

interface Case {
  readonly present: ReadonlySet<Kind>;
  readonly state: State;
  readonly strict: boolean;
  readonly allowIncomplete: boolean;
  readonly interrupted: Interruption | null;
}

/** The sentences. */
function contract({ present, state, strict, allowIncomplete, interrupted }: Case) {
  const expects = (kind: Kind) =>
    (state === 'covers all' && COVERABLE.includes(kind)) ||
    (state === 'covers the failure' && kind === 'fail');
  // Beyond the baseline there is …
  const beyond = (...kinds: readonly Kind[]) => kinds.some((kind) => present.has(kind) && !expects(kind));

  const failing = beyond('fail') || (strict && beyond('warn'));
  const blocked = beyond('blocked by the failing', 'blocked by the warned', 'blocked by another');
  const untested = beyond('not-tested');
  const error = beyond('error');
  const judged = (['pass', 'fail', 'warn', 'known to fail'] as const).some((kind) => present.has(kind));
  // What is known is never said to conform.
  const isKnown =
    present.has('known to fail') || present.has('known to be untested') || [...present].some(expects);
  const verdict = failing
    ? 'not-conforming'
    : untested || blocked || error || !judged
      ? 'incomplete'
      : isKnown
        ? 'known-failures'
        : 'conforming';

  // An entry is stale only where its requirement was selected; an expired or unknown one always counts.
  const complaint = state === 'expired' || state === 'unknown' || (state === 'stale' && present.has('pass'));
  const untestedAlone = verdict === 'incomplete' && judged && !blocked && !error;
  const code =
    interrupted !== null
      ? { SIGINT: 130, SIGTERM: 143 }[interrupted]
      : failing || complaint
        ? 1
        : verdict === 'conforming' || verdict === 'known-failures' || (allowIncomplete && untestedAlone)
          ? 0
          : 3;
  return { verdict, code, complaint, judged };
}

function entriesOf(state: State): readonly BaselineEntry[] {
  const entry = (id: string, status: BaselineEntry['status'], more: object = {}) => ({
    id,
    status,
    reason: 'Agreed.',
    ...more,
  });
  // What an earlier step made known stays so.
  const kept = [entry('known to fail', 'fail'), entry('known to be untested', 'not-tested')];
  switch (state) {
    case 'none':
      return [];
    case 'covers all':
      return [...kept, ...COVERABLE.map((kind) => entry(kind, coveredStatus(kind)))];
    case 'covers the failure':
      return [...kept, entry('fail', 'fail')];
    case 'stale':
      return [...kept, entry('pass', 'fail')];
    case 'expired':
      return [...kept, entry('fail', 'fail', { expires: '2026-11-23' })];
    case 'unknown':
      return [...kept, entry('no requirement is called so', 'fail')];
  }
}

function coveredStatus(kind: Kind): BaselineEntry['status'] {
  return kind === 'fail' || kind === 'warn' || kind === 'not-tested' ? kind : 'blocked';
}

function decided({ present, state, strict, allowIncomplete, interrupted }: Case) {
  const results: readonly Result[] = [...present].map((kind) => KINDS[kind]);
  const known = new Set<string>(Object.keys(KINDS));
  const applied =
    state === 'none'
      ? { results, complaints: [] }
      : applyBaseline({ entries: entriesOf(state) }, results, known, TODAY);
  return decide(applied.results, {
    strict,
    allowIncomplete,
    interrupted,
    complaints: applied.complaints,
  });
}

/** Every set of kinds. */
function* mixtures(): Generator<ReadonlySet<Kind>> {
  const kinds = Object.keys(KINDS).filter((name): name is Kind => name in KINDS);
  for (let bits = 0; bits < 2 ** kinds.length; bits++) {
    yield new Set(kinds.filter((_, index) => (bits & (1 << index)) !== 0));
  }
}

function* cases(state: State): Generator<Case> {
  for (const present of mixtures()) {
    for (const strict of [false, true]) {
      for (const allowIncomplete of [false, true]) {
        for (const interrupted of [null, 'SIGINT', 'SIGTERM'] as const) {
          yield { present, state, strict, allowIncomplete, interrupted };
        }
      }
    }
  }
}

describe('decide, for every combination', () => {
  for (const state of STATES) {
    it(`keeps the contract with a baseline: ${state}`, () => {
      const wrong: string[] = [];
      const codes = new Set<number>();
      for (const one of cases(state)) {
        const { verdict, exit } = decided(one);
        const printed = contract(one);
        codes.add(exit.code);
        const silent = exit.code !== 0 && exit.reasons.length === 0;
        const unnamed = printed.complaint && !exit.reasons.some((sentence) => /baseline/i.test(sentence));
        const empty = !printed.judged && exit.code === 0;
        if (verdict !== printed.verdict || exit.code !== printed.code || silent || unnamed || empty) {
          const { present, state: _, ...flags } = one;
          wrong.push(
            `${[...present].join(', ')} ${JSON.stringify(flags)}: ${verdict} ${exit.code}, not ${printed.verdict} ${printed.code}`,
          );
        }
      }
      assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} cases differ`);
      assert.ok(
        codes.size >= 4 || (codes.size >= 3 && ['expired', 'unknown'].includes(state)),
        [...codes].join(),
      );
    });
  }
});
