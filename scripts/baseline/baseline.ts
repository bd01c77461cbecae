/**
 * A baseline: the known failures of a server, each with a reason. It works both ways: what it doesn't list counts as
 * usual, and an entry that no longer applies must be removed.
 */
import { suggestName } from '../../suites/plan/selection.js';
import { isJudged, type Result, type Status } from '../../suites/result.js';

/** The statuses that a baseline can expect. */
export const BASELINE_STATUSES = ['fail', 'warn', 'not-tested', 'blocked'] as const;
type BaselineStatus = (typeof BASELINE_STATUSES)[number];

export interface BaselineEntry {
  readonly id: string;
  /** It covers only this status. */
  readonly status: BaselineStatus;
  readonly reason: string;
  /** The last day on which it counts, as 2026-12-31. */
  readonly expires?: string;
  readonly link?: string;
}

export interface Baseline {
  readonly $schema?: string;
  readonly entries: readonly BaselineEntry[];
}

export interface Applied {
  /** Every result; the expected ones as `known`. */
  readonly results: readonly Result[];
  /** A sentence for each entry that is stale, expired or unknown: each makes exit code 1. */
  readonly complaints: readonly string[];
}

/**
 * @param results of this run; one that an earlier step made `known` is decided again
 * @param known every id of the catalog
 * @param today as 2026-11-24
 */
export function applyBaseline(
  { entries }: Baseline,
  results: readonly Result[],
  known: ReadonlySet<string>,
  today: string,
): Applied {
  const current = keyEntries(entries.filter((entry) => !isExpired(entry, today) && known.has(entry.id)));
  const fresh = results.map(undoKnown);
  const after = fresh.map((result) => coverResult(result, current));
  const selected = new Map(fresh.map((result) => [result.id, result.status]));
  const complaints = entries.flatMap((entry) => {
    const { id, status, expires } = entry;
    if (!known.has(id)) {
      return [`The baseline names ${id}, but there is no such requirement.${suggestName(id, [...known])}`];
    }
    if (isExpired(entry, today)) return [`The baseline entry for ${id} (${status}) expired on ${expires}.`];
    const is = selected.get(id);
    if (is === undefined || is === status || isUnjudged(status, is)) return [];
    return [`The baseline expects ${id} to be ${status}, but it is ${is}: remove the entry.`];
  });
  return { results: after, complaints };
}

/** The beginning of a placeholder reason, until somebody gives the real one. */
const UNEXPLAINED = 'To be explained.';

/** @returns whether the real reason is still missing */
export function isUnexplained(reason: string): boolean {
  return reason.startsWith(UNEXPLAINED);
}

/** @returns a baseline that covers all these results; entries that still apply keep their reason */
export function updateBaseline(before: Baseline, results: readonly Result[], today: string): Baseline {
  const current = keyEntries(before.entries.filter((entry) => !isExpired(entry, today)));
  const needed = results.map(undoKnown).flatMap((result) => {
    const status = BASELINE_STATUSES.find((one) => one === result.status);
    if (status === undefined) return [];
    return [
      current.get(entryKey(result)) ?? {
        id: result.id,
        status,
        reason: `${UNEXPLAINED} ${result.message ?? result.reason ?? ''}`.trim(),
      },
    ];
  });
  // It covers a requirement that this run didn't select.
  const selected = new Set(results.map(({ id }) => id));
  const elsewhere = before.entries.filter(({ id }) => !selected.has(id));
  return { ...before, entries: [...elsewhere, ...needed] };
}

/** What wasn't judged this time may still fail as the entry says, so removing the entry would be wrong. */
function isUnjudged(expected: BaselineStatus, is: Status): boolean {
  return is === 'error' || (isJudged(expected) && (is === 'blocked' || is === 'not-tested'));
}

function undoKnown(result: Result): Result {
  if (result.status !== 'known' || result.baselineStatus === null) return result;
  const { known: _, ...judged } = result;
  return { ...judged, status: result.baselineStatus, baselineStatus: null };
}

/** An entry covers one status of one requirement; of two that say the same, the first counts. */
function keyEntries(entries: readonly BaselineEntry[]): ReadonlyMap<string, BaselineEntry> {
  return new Map([...entries].reverse().map((entry) => [entryKey(entry), entry]));
}

function entryKey({ id, status }: { readonly id: string; readonly status: Status }): string {
  return `${id} ${status}`;
}

function coverResult(result: Result, entries: ReadonlyMap<string, BaselineEntry>): Result {
  const entry = entries.get(entryKey(result));
  if (entry === undefined) return result;
  const was: Status = result.status;
  const { reason, expires = null, link = null } = entry;
  return { ...result, status: 'known', baselineStatus: was, known: { reason, expires, link } };
}

function isExpired({ expires }: BaselineEntry, today: string): boolean {
  return expires !== undefined && expires < today;
}
