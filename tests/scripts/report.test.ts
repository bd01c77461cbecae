/** The report: its schema is strict, its counts add up, its file is whole or not there. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { defects, nameDefect } from '../../fixtures/sandbox/defects/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { readReport, renderJson } from '../../scripts/report/files.js';
import type { Report } from '../../scripts/report/report.js';
import { assertValidReport, findReportViolations } from '../../scripts/report/validate.js';
import { STATUSES } from '../../suites/result.js';
import { sampleReport, sampleResult } from './samples.js';

const ofEach = STATUSES.map((status, index) => sampleResult(`token-rule-${index}`, status));
const report = sampleReport(ofEach);

describe('report schema', () => {
  it('accepts a report with every status', () => assert.deepEqual(findReportViolations(report), []));

  it('accepts a report of nothing', () => assert.deepEqual(findReportViolations(sampleReport([])), []));

  it('accepts the name of every defect and variant', () => {
    const names = [...defects.map(nameDefect), ...variants.map(({ id }) => id)];
    const named = { ...report, run: { ...report.run, defects: names } };
    assert.ok(names.some((name) => name.includes(':')));
    assert.deepEqual(findReportViolations(named), []);
  });

  const [first] = ofEach;
  assert.ok(first);
  const withResult = (changes: object): unknown => ({ ...report, results: [{ ...first, ...changes }] });
  const BROKEN: Readonly<Record<string, unknown>> = {
    'another format': { ...report, format: 2 },
    'an unknown member': { ...report, extra: true },
    'an unknown verdict': { ...report, verdict: 'fine' },
    'an exit code of another command': { ...report, exit: { code: 70, reasons: [] } },
    'a missing count': { ...report, counts: { pass: 1 } },
    'a negative count': { ...report, counts: { ...report.counts, pass: -1 } },
    'a moment that is none': { ...report, startedAt: 'yesterday' },
    'an id with capitals': withResult({ id: 'Token' }),
    'a failure without a sentence': withResult({ status: 'fail', message: null }),
    'a failure without what was received': withResult({ status: 'fail', message: 'x', expected: 'y' }),
    'a pass with a message': withResult({ message: 'but' }),
    'something untested without a reason': withResult({ status: 'not-tested' }),
    'something blocked by nobody': withResult({ status: 'blocked', reason: 'x' }),
    'a pass that is blocked': withResult({ blockedBy: 'token-exchange' }),
    'a known failure that is blocked': withResult({
      status: 'known',
      was: 'fail',
      blockedBy: 'token-exchange',
    }),
    'something known to be blocked by nobody': withResult({ status: 'known', was: 'blocked', reason: 'x' }),
    'a known error': withResult({ status: 'known', was: 'error', reason: 'x' }),
    'a result without clauses': withResult({ sources: [] }),
    'an unknown member of a result': withResult({ extra: 1 }),
  };
  for (const [what, value] of Object.entries(BROKEN)) {
    it(`refuses ${what}`, () => assert.notDeepEqual(findReportViolations(value), []));
  }

  it('treats an invalid report as our own fault', () => {
    const broken: Report = { ...report, startedAt: 'yesterday' };
    assert.throws(() => assertValidReport(broken), /does not fit its own schema/);
  });
});

describe('report', () => {
  it('counts every result once', () => {
    const total = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
    assert.equal(total, report.run.selected);
    assert.deepEqual(Object.keys(report.counts), [...STATUSES]);
  });
});

describe('report files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are read back as written, and nothing else stays in the folder', () => {
    const path = join(folder, 'deep', 'report.json');
    writeAtomically(path, renderJson(report));
    assert.deepEqual(readReport(path), report);
    assert.deepEqual(readdirSync(join(folder, 'deep')), ['report.json']);
  });

  it("leave no draft if they can't be written", () => {
    const blocked = join(folder, 'deep', 'report.json', 'inside-a-file.json');
    assert.throws(() => writeAtomically(blocked, '{}'));
    assert.deepEqual(readdirSync(join(folder, 'deep')), ['report.json']);
    assert.ok(existsSync(join(folder, 'deep', 'report.json')));
  });

  it("are refused in one sentence if they aren't reports", () => {
    const path = join(folder, 'other.json');
    writeFileSync(path, '{"format":1}');
    assert.throws(() => readReport(path), { name: 'UsageError' });
    assert.throws(() => readReport(join(folder, 'none.json')), { name: 'UsageError' });
    assert.equal(readFileSync(path, 'utf8'), '{"format":1}');
  });
});
