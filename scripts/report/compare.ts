/** What changed between two reports. It's pure, so a pipeline and a test see the same. */
import { UsageError } from '../../fixtures/errors.js';
import { isJudged, type Result, type Status } from '../../suites/result.js';
import type { Report } from './report.js';

export interface Change {
  readonly id: string;
  /** null: the report doesn't have this requirement. */
  readonly before: Status | null;
  readonly after: Status | null;
  /** What the newer report says about it. */
  readonly message: string;
}

export interface Comparison {
  readonly newlyFailing: readonly Change[];
  readonly fixed: readonly Change[];
  /** Was judged, and now isn't: blocked, not tested, an error, no longer claimed, or not selected. */
  readonly newlyUnjudged: readonly Change[];
  /** Every other change of a status, such as a new warning. */
  readonly other: readonly Change[];
  /** The catalogs differ, so a change may come from the rules and not from the server. */
  readonly otherCatalog: boolean;
}

/** @throws UsageError for reports about different targets or profiles */
export function compareReports(old: Report, now: Report): Comparison {
  for (const part of ['name', 'profile'] as const) {
    if (old.target[part] !== now.target[part]) {
      throw new UsageError(
        `The reports are not about the same target: the ${part} is ${old.target[part]} in one and ${now.target[part]} in the other.`,
      );
    }
  }
  const before = indexById(old);
  const after = indexById(now);
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((id) =>
    listChange(id, before.get(id), after.get(id)),
  );
  const kinds = changes.map((change) => ({ change, kind: classifyChange(change) }));
  const of = (wanted: Kind) => kinds.filter(({ kind }) => kind === wanted).map(({ change }) => change);
  return {
    newlyFailing: of('failing'),
    fixed: of('fixed'),
    newlyUnjudged: of('unjudged'),
    other: of('other'),
    otherCatalog: old.tool.catalogHash !== now.tool.catalogHash,
  };
}

function indexById({ results }: Report): ReadonlyMap<string, Result> {
  return new Map(results.map((result) => [result.id, result]));
}

function listChange(id: string, was: Result | undefined, is: Result | undefined): readonly Change[] {
  if (was?.status === is?.status) return [];
  const message = is === undefined ? "It isn't in the later report." : (is.message ?? is.reason ?? '');
  return [{ id, before: was?.status ?? null, after: is?.status ?? null, message }];
}

type Kind = 'failing' | 'fixed' | 'unjudged' | 'other';

function classifyChange({ before, after }: Change): Kind {
  if (after === 'fail') return 'failing';
  if (before !== null && isJudged(before) && (after === null || !isJudged(after))) return 'unjudged';
  return before === 'fail' && isPassing(after) ? 'fixed' : 'other';
}

function isPassing(status: Status | null): boolean {
  return status === 'pass' || status === 'warn';
}
