/** The one table of verdicts and exit codes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DecidableResult, decide, type Policy } from '../../scripts/decide.js';

const LENIENT: Policy = { strict: false, allowIncomplete: false, interrupted: null };

/** `fail a, blocked b by a` as results. */
function results(text: string): readonly DecidableResult[] {
  if (text === '') return [];
  return text.split(', ').map((part, index) => {
    const [status, id = `r${index}`, , blockedBy = null] = part.split(' ');
    return { id, status, blockedBy, baselineStatus: null } as DecidableResult;
  });
}

type Row = readonly [given: string, policy: Partial<Policy>, verdict: string, code: number];

const ROWS: readonly Row[] = [
  ['pass, pass', {}, 'conforming', 0],
  ['pass, known', {}, 'known-failures', 0],
  ['pass, not-applicable', {}, 'conforming', 0],
  ['pass, warn', {}, 'conforming', 0],
  ['pass, warn', { strict: true }, 'not-conforming', 1],
  ['pass, fail', {}, 'not-conforming', 1],
  ['pass, fail', { allowIncomplete: true }, 'not-conforming', 1],
  ['fail, not-tested', {}, 'not-conforming', 1],
  ['fail, error', {}, 'not-conforming', 1],
  ['fail a, blocked b by a', {}, 'not-conforming', 1],
  ['warn a, blocked b by a', {}, 'incomplete', 3],
  ['warn a, blocked b by a', { strict: true }, 'not-conforming', 1],
  ['pass, blocked b by elsewhere', {}, 'incomplete', 3],
  ['pass, blocked b by elsewhere', { allowIncomplete: true }, 'incomplete', 3],
  ['pass, not-tested', {}, 'incomplete', 3],
  ['pass, not-tested', { allowIncomplete: true }, 'incomplete', 0],
  ['warn, not-tested', { allowIncomplete: true }, 'incomplete', 0],
  ['pass, error', {}, 'incomplete', 3],
  ['pass, error', { allowIncomplete: true }, 'incomplete', 3],
  ['pass, error, not-tested', { allowIncomplete: true }, 'incomplete', 3],
  ['not-tested, not-tested', { allowIncomplete: true }, 'incomplete', 3],
  ['not-applicable', {}, 'incomplete', 3],
  ['', {}, 'incomplete', 3],
  ['pass, not-tested', { interrupted: 'SIGINT' }, 'incomplete', 130],
  ['pass, not-tested', { interrupted: 'SIGINT', allowIncomplete: true }, 'incomplete', 130],
  ['pass, fail, not-tested', { interrupted: 'SIGTERM' }, 'not-conforming', 143],
  ['pass', { interrupted: 'SIGINT' }, 'conforming', 130],
];

describe('decide', () => {
  for (const [given, policy, verdict, code] of ROWS) {
    const flags = Object.entries(policy).map(([name, value]) => ` ${name} ${value}`);
    it(`says ${verdict}, exit ${code}, of: ${given || 'nothing'}${flags.join()}`, () => {
      const decision = decide(results(given), { ...LENIENT, ...policy });
      assert.equal(decision.verdict, verdict);
      assert.equal(decision.exit.code, code);
      if (code !== 0) assert.notEqual(decision.exit.reasons.length, 0, 'an exit code without a reason');
    });
  }

  it('gives no reason if all is well', () => {
    assert.deepEqual(decide(results('pass, warn, not-applicable'), LENIENT).exit.reasons, []);
  });

  it('names what failed', () => {
    const { reasons } = decide(results('fail a, fail b, fail c, fail d, fail e, fail f'), LENIENT).exit;
    assert.deepEqual(reasons, ['6 requirements failed: a, b, c, d, e and 1 more.']);
  });

  it('says why the exit code is 0 despite gaps', () => {
    const { reasons } = decide(results('pass, not-tested'), { ...LENIENT, allowIncomplete: true }).exit;
    assert.deepEqual(reasons, ['1 requirement was not tested, which --allow-incomplete allows.']);
  });
});
