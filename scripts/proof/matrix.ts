/**
 * The matrix: what else turns red when one rule is broken. A check that goes red on another rule's defect tells the
 * server's author the wrong thing, unless the two rules truly fall together; then the pair has a reason.
 */
import { nameDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Defect } from '../../fixtures/sandbox/deviation.js';
import type { Result, Status } from '../../suites/result.js';
import { type Collateral, collateral } from './collateral.js';

/** What one defect does to the whole catalog. */
export interface Spread {
  /** The name of the defect: the requirement that it breaks, with the path where it has one. */
  readonly defect: string;
  /** What its own check said; null where that was not judged. */
  readonly own: Status | null;
  /** Other requirements that went red. */
  readonly failed: readonly FailedResult[];
  /** Others that were blocked: they name the owner of the broken step, so they count as nothing. */
  readonly blocked: readonly string[];
  /** Others that ended as an error of ours. */
  readonly errors: readonly FailedResult[];
}

export interface FailedResult {
  readonly id: string;
  readonly status: Status;
  readonly message: string;
  /** Why it falls together with the defect; null where nobody has said so. */
  readonly because: string | null;
}

/** @returns what these results of the whole catalog say about the defect that was in force */
export function createSpread(
  broken: Defect,
  results: readonly Result[],
  accepted: readonly Collateral[] = collateral,
): Spread {
  const defect = nameDefect(broken);
  const others = results.filter(({ id }) => id !== broken.breaks);
  const told = ({ id, status, message, reason }: Result): FailedResult => ({
    id,
    status,
    message: message ?? reason ?? '',
    because: accepted.find((pair) => pair.defect === defect && pair.fails === id)?.because ?? null,
  });
  return {
    defect,
    own: results.find(({ id }) => id === broken.breaks)?.status ?? null,
    failed: others.filter(({ status }) => status === 'fail' || status === 'warn').map(told),
    blocked: others.filter(({ status }) => status === 'blocked').map(({ id }) => id),
    errors: others.filter(({ status }) => status === 'error').map(told),
  };
}

export interface MatrixSummary {
  readonly defects: number;
  /** Other requirements that go red for a defect, on average. */
  readonly average: number;
  /** Red without a reason, and defects whose own check stayed silent. */
  readonly unexplained: number;
  readonly silent: readonly string[];
  /** Pairs with a reason that were judged and did not go red. */
  readonly unneeded: readonly Collateral[];
}

/** @returns what the spreads come to */
export function summarizeSpreads(
  spreads: readonly Spread[],
  accepted: readonly Collateral[] = collateral,
): MatrixSummary {
  const reds = spreads.flatMap(({ failed }) => failed);
  return {
    defects: spreads.length,
    average: spreads.length === 0 ? 0 : reds.length / spreads.length,
    unexplained: reds.filter(({ because }) => because === null).length,
    silent: spreads.filter(({ own }) => own !== 'fail' && own !== 'warn').map(({ defect }) => defect),
    unneeded: accepted.filter(({ defect, fails }) =>
      spreads.some((spread) => spread.defect === defect && !spread.failed.some(({ id }) => id === fails)),
    ),
  };
}

/** @returns the lines that tell one spread */
export function formatSpread({ defect, own, failed, blocked, errors }: Spread): readonly string[] {
  const more = blocked.length === 0 ? '' : `, ${blocked.length} blocked`;
  return [
    `${defect} (${own ?? 'not judged'}): ${failed.length} others fail${more}`,
    ...failed.flatMap(({ id, status, message, because }) => [
      `  ${because === null ? 'UNEXPLAINED ' : ''}${status} ${id}: ${message}`,
      ...(because === null ? [] : [`    ${because}`]),
    ]),
    ...errors.map(({ id, message }) => `  error ${id}: ${message}`),
  ];
}

/** @returns the lines that tell what all of them come to */
export function formatSummary(summary: MatrixSummary, seconds: number): readonly string[] {
  const { defects, average, unexplained, silent, unneeded } = summary;
  return [
    ...unneeded.map(
      ({ defect, fails }) => `no longer fails, so its reason can go: ${fails} on the defect of ${defect}`,
    ),
    ...silent.map((id) => `SILENT ${id}: its own check doesn’t fail`),
    `${defects} defects: ${average.toFixed(2)} other requirements fail on average, ` +
      `${unexplained} without a reason, in ${seconds} s`,
  ];
}
