/**
 * The matrix: what else fails when one rule is broken. A check that fails because of another rule's defect misleads the
 * server's author, unless the two rules really fall together; then the pair has a reason.
 */
import { nameDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Defect } from '../../fixtures/sandbox/deviation.js';
import { findFailingOwner } from '../../suites/related-owners.js';
import type { Result, Status } from '../../suites/result.js';
import type { Collateral } from './collateral/types.js';
import { collateral } from './collateral.js';

/** What one defect does to the whole catalog. */
export interface MatrixRow {
  /** The name of the defect: the requirement that it breaks, plus the path if it has one. */
  readonly defect: string;
  /** The result of its own check; null if that was not judged. */
  readonly own: Status | null;
  /** Other requirements that failed. */
  readonly failed: readonly FailedResult[];
  /** Others that were blocked: they name the owner of the failed step, so they don't count. */
  readonly blocked: readonly string[];
  /** Those of them whose owner didn't fail: nobody learns from the report what is wrong. */
  readonly unowned: readonly FailedResult[];
  /** Others that ended as our own error. */
  readonly errors: readonly FailedResult[];
}

interface FailedResult {
  readonly id: string;
  readonly status: Status;
  readonly message: string;
  /** Why it fails together with the defect; null if nobody has given a reason. */
  readonly because: string | null;
}

/** @returns what these results of the whole catalog say about the active defect */
export function createMatrixRow(
  active: Defect,
  results: readonly Result[],
  accepted: readonly Collateral[] = collateral,
): MatrixRow {
  const defect = nameDefect(active);
  const others = results.filter(({ id }) => id !== active.breaks);
  const describeFailed = ({ id, status, message, reason }: Result): FailedResult => ({
    id,
    status,
    message: message ?? reason ?? '',
    because: accepted.find((pair) => pair.defect === defect && pair.fails === id)?.because ?? null,
  });
  return {
    defect,
    own: results.find(({ id }) => id === active.breaks)?.status ?? null,
    failed: others.filter(({ status }) => isFailing(status)).map(describeFailed),
    blocked: others.filter(({ status }) => status === 'blocked').map(({ id }) => id),
    unowned: results
      .filter((result) => result.status === 'blocked' && !isOwned(result, results))
      .map((result) => ({
        ...describeFailed(result),
        message: `blocked by ${result.blockedBy}, which doesn't fail: ${result.reason}`,
      })),
    errors: others.filter(({ status }) => status === 'error').map(describeFailed),
  };
}

/** @returns whether a requirement that fails is at the end of the chain of those that block one another */
export function isOwned(blocked: Result, results: readonly Result[]): boolean {
  let current: Result | undefined = blocked;
  for (let steps = 0; current?.status === 'blocked' && steps < results.length; steps += 1) {
    const { blockedBy }: Result = current;
    const statusOf = (id: string) => results.find((result) => result.id === id)?.status;
    if (findFailingOwner(blockedBy ?? '', statusOf) !== null) return true;
    current = results.find(({ id }) => id === blockedBy);
  }
  return false;
}

/** Whether the report doesn't show the defect. One whose own check is blocked is shown by what blocks it. */
function isSilent({ defect, own, unowned }: MatrixRow): boolean {
  if (own === 'blocked') return unowned.some(({ id }) => id === defect.split(':')[0]);
  return own === null || !isFailing(own);
}

const isFailing = (status: Status): boolean => status === 'fail' || status === 'warn';

/** @returns whether each failure has its owner and each defect its failure */
export function isSound({ unexplained, unowned, errors, silent }: MatrixSummary): boolean {
  return unexplained + unowned + errors + silent.length === 0;
}

export interface MatrixSummary {
  readonly defects: number;
  /** Other requirements that fail because of a defect, on average. */
  readonly average: number;
  /** Failures with no reason, and defects that their own check didn't notice. */
  readonly unexplained: number;
  readonly silent: readonly string[];
  /** Results that were blocked by a requirement that didn't fail, and our own errors. */
  readonly unowned: number;
  readonly errors: number;
  /** Pairs with a reason that were judged and did not fail. */
  readonly unneeded: readonly Collateral[];
}

/** @returns the summary of the rows */
export function summarizeMatrix(
  rows: readonly MatrixRow[],
  accepted: readonly Collateral[] = collateral,
): MatrixSummary {
  const failures = rows.flatMap(({ failed }) => failed);
  return {
    defects: rows.length,
    average: rows.length === 0 ? 0 : failures.length / rows.length,
    unexplained: failures.filter(({ because }) => because === null).length,
    silent: rows.filter(isSilent).map(({ defect }) => defect),
    unowned: rows.flatMap(({ unowned }) => unowned).length,
    errors: rows.flatMap(({ errors }) => errors).length,
    unneeded: accepted.filter(({ defect, fails }) =>
      rows.some((row) => row.defect === defect && !row.failed.some(({ id }) => id === fails)),
    ),
  };
}

/** @returns the lines that describe one row */
export function formatMatrixRow({
  defect,
  own,
  failed,
  blocked,
  unowned,
  errors,
}: MatrixRow): readonly string[] {
  const more = blocked.length === 0 ? '' : `, ${blocked.length} blocked`;
  return [
    `${defect} (${own ?? 'not judged'}): ${failed.length} others fail${more}`,
    ...failed.flatMap(({ id, status, message, because }) => [
      `  ${because === null ? 'UNEXPLAINED ' : ''}${status} ${id}: ${message}`,
      ...(because === null ? [] : [`    ${because}`]),
    ]),
    ...unowned.map(({ id, message }) => `  UNOWNED ${id}: ${message}`),
    ...errors.map(({ id, message }) => `  ERROR ${id}: ${message}`),
  ];
}

/** @returns the lines that describe the summary */
export function formatSummary(summary: MatrixSummary, seconds: number): readonly string[] {
  const { defects, average, unexplained, unowned, errors, silent, unneeded } = summary;
  return [
    ...unneeded.map(
      ({ defect, fails }) => `no longer fails, so its reason can go: ${fails} on the defect of ${defect}`,
    ),
    ...silent.map((id) => `SILENT ${id}: its own check doesn't fail`),
    `${defects} defects: ${average.toFixed(2)} other requirements fail on average, ` +
      `${unexplained} without a reason, ${unowned} blocked by one that doesn't fail, ${errors} errors, in ${seconds} s`,
  ];
}
