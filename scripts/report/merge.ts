/** Merges the reports of several machines, each of which judged a shard (`run --shard I/N`). */

import { UsageError } from '../../fixtures/errors.js';
import type { Result } from '../../suites/result.js';
import type { Applied } from '../baseline/baseline.js';
import { decide, type Policy } from '../decide.js';
import { countByStatus, type NotClaimed, type Report } from './report.js';

/**
 * @param reports of one run, in any order
 * @param order the catalog's order of ids
 * @param expect applies a baseline to the results
 * @throws UsageError if they aren't shards of one run
 */
export function mergeReports(
  reports: readonly Report[],
  order: readonly string[],
  policy: Omit<Policy, 'interrupted' | 'missing' | 'complaints'>,
  expect: (results: readonly Result[]) => Applied = (results) => ({ results, complaints: [] }),
): Report {
  const [first] = reports;
  if (first === undefined) throw new UsageError('Name the reports to merge.');
  for (const report of reports) assertSameRun(first, report);
  const missing = findMissingShards(reports);
  const place = new Map(order.map((id, index) => [id, index]));
  const all = reports
    .flatMap((report) => report.results)
    .sort((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0));
  const twice = all.find(({ id }, index) => all[index - 1]?.id === id);
  if (twice !== undefined)
    throw new UsageError(`${twice.id} is in more than one of the reports: name each shard once.`);
  const { results, complaints } = expect(all);
  const { verdict, exit } = decide(results, { ...policy, interrupted: null, missing, complaints });
  return {
    ...first,
    startedAt: reports.map(({ startedAt }) => startedAt).sort()[0] ?? first.startedAt,
    durationMs: Math.max(...reports.map(({ durationMs }) => durationMs)),
    run: {
      ...first.run,
      selected: results.length,
      shard: null,
      interrupted: reports.some(({ run }) => run.interrupted),
    },
    verdict,
    exit,
    notClaimed: mergeNotClaimed(reports),
    counts: countByStatus(results),
    results,
  };
}

function assertSameRun(first: Report, report: Report): void {
  const differs =
    report.target.name !== first.target.name || report.target.profile !== first.target.profile
      ? 'about another target'
      : report.tool.catalogHash !== first.tool.catalogHash
        ? 'of another catalog'
        : report.run.filters.join(' ') !== first.run.filters.join(' ')
          ? 'of another selection'
          : null;
  if (differs !== null) throw new UsageError(`The reports cannot be merged: one is ${differs}.`);
  if (report.run.shard === null)
    throw new UsageError('A report is not one of a shard: make each with run --shard I/N.');
}

/** @returns a sentence for each missing shard */
function findMissingShards(reports: readonly Report[]): readonly string[] {
  const shards = reports.map(({ run }) => run.shard ?? '');
  const totals = new Set(shards.map((shard) => shard.split('/')[1]));
  if (totals.size > 1) throw new UsageError('The reports are shards of different totals.');
  const total = Number([...totals][0]);
  return Array.from({ length: total }, (_, index) => `${index + 1}/${total}`)
    .filter((shard) => !shards.includes(shard))
    .map((shard) => `The report of shard ${shard} is missing.`);
}

/** Each shard counts its own share; the sum is what the whole run excluded. */
function mergeNotClaimed(reports: readonly Report[]): readonly NotClaimed[] {
  const found = new Map<string, NotClaimed>();
  for (const { capability, reason, setting, requirements } of reports.flatMap(
    ({ notClaimed }) => notClaimed,
  )) {
    const earlier = found.get(capability)?.requirements ?? 0;
    found.set(capability, { capability, reason, setting, requirements: earlier + requirements });
  }
  return [...found.values()];
}
