/** The matrix tells which checks fail on another check's defect, and accepts that only with a reason. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defects, nameDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Defect } from '../../fixtures/sandbox/deviation.js';
import type { Collateral } from '../../scripts/proof/collateral/types.js';
import { collateral } from '../../scripts/proof/collateral.js';
import {
  createMatrixRow,
  formatMatrixRow,
  formatSummary,
  isSound,
  summarizeMatrix,
} from '../../scripts/proof/matrix.js';
import { findEntry } from '../../suites/catalog.js';
import type { Result, Status } from '../../suites/result.js';

const DEFECT = 'token-code-single-use';

const BROKEN: Defect = { breaks: DEFECT, how: 'Codes stay valid.' };

const result = (id: string, status: Status): Result => ({
  id,
  chapter: 'token',
  level: 'MUST',
  status,
  statement: 'A rule.',
  clauses: [],
  message: status === 'fail' || status === 'warn' ? `${id} is broken.` : null,
  reason: status === 'blocked' || status === 'error' ? `${id} was not judged.` : null,
  blockedBy: status === 'blocked' ? DEFECT : null,
  baselineStatus: null,
  hint: null,
  remarks: [],
  durationMs: 1,
  expected: null,
  received: null,
  evidence: [],
});

const RESULTS = [
  result(DEFECT, 'fail'),
  result('token-code-concurrent', 'fail'),
  result('token-no-store', 'warn'),
  result('idtoken-iss', 'blocked'),
  result('idtoken-aud', 'error'),
  result('idtoken-sub', 'pass'),
];
const ACCEPTED: readonly Collateral[] = [
  { defect: DEFECT, fails: 'token-code-concurrent', because: 'They fall together.' },
  { defect: DEFECT, fails: 'idtoken-sub', because: 'They fell together once.' },
  { defect: 'token-no-store', fails: 'idtoken-sub', because: 'Not tried here.' },
];

describe('the matrix', () => {
  const row = createMatrixRow(BROKEN, RESULTS, ACCEPTED);

  it('tells failed, blocked and error apart, and knows the reasons', () => {
    assert.equal(row.own, 'fail');
    assert.deepEqual(
      row.failed.map(({ id, because }) => [id, because]),
      [
        ['token-code-concurrent', 'They fall together.'],
        ['token-no-store', null],
      ],
    );
    assert.deepEqual(row.blocked, ['idtoken-iss']);
    assert.deepEqual(
      row.errors.map(({ id }) => id),
      ['idtoken-aud'],
    );
    assert.match(formatMatrixRow(row).join('\n'), /^ {2}UNEXPLAINED warn token-no-store: /m);
  });

  it("names what is blocked by a requirement that doesn't fail", () => {
    const passes = createMatrixRow(
      BROKEN,
      [result(DEFECT, 'pass'), result('idtoken-iss', 'blocked')],
      ACCEPTED,
    );
    assert.deepEqual(
      passes.unowned.map(({ id }) => id),
      ['idtoken-iss'],
    );
    assert.match(
      formatMatrixRow(passes).join('\n'),
      /UNOWNED idtoken-iss: blocked by token-code-single-use, which/,
    );
    assert.equal(isSound(summarizeMatrix([passes], ACCEPTED)), false);
    // Its owner is blocked itself, by one that fails.
    const chain = { ...result('idtoken-aud', 'blocked'), blockedBy: 'idtoken-iss' };
    assert.deepEqual(createMatrixRow(BROKEN, [...RESULTS, chain], ACCEPTED).unowned, []);
  });

  it('counts what fails on average, and what has no reason', () => {
    const alone = createMatrixRow(BROKEN, [result(DEFECT, 'pass')], ACCEPTED);
    const summary = summarizeMatrix([row, alone], ACCEPTED);
    assert.equal(summary.average, 1);
    assert.equal(summary.unexplained, 1);
    assert.deepEqual(summary.silent, [DEFECT]);
    assert.match(
      formatSummary(summary, 3).at(-1) ?? '',
      /^2 defects: 1\.00 other .*, 1 without a reason, 0 blocked by one that doesn't fail, 1 errors, in 3 s$/,
    );
  });

  it('names the reasons that nothing needs anymore', () => {
    const { unneeded } = summarizeMatrix([row], ACCEPTED);
    assert.deepEqual(unneeded, [ACCEPTED[1]]);
  });
});

describe('the accepted pairs', () => {
  it('are of two requirements that exist, each pair once, with a reason as a sentence', () => {
    for (const { defect, fails, because } of collateral) {
      assert.ok(
        defects.some((one) => nameDefect(one) === defect),
        defect,
      );
      assert.ok(findEntry(fails) !== undefined, fails);
      assert.notEqual(defect, fails);
      assert.match(because, /\S.*\.$/s);
    }
    const pairs = collateral.map(({ defect, fails }) => `${defect} ${fails}`);
    assert.equal(new Set(pairs).size, pairs.length);
  });
});
