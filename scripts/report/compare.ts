/** What changed between two reports: pure, so that a pipeline and a test see the same. */
import { UsageError } from '../../fixtures/problem.js';
import { isJudged, type Result, type Status } from '../../suites/result.js';
import type { Report } from './report.js';

export interface Change {
  readonly id: string;
  /** null: the report has no such requirement. */
  readonly was: Status | null;
  readonly is: Status | null;
  /** What the newer report says of it. */
  readonly said: string;
}

export interface Comparison {
  readonly newlyFailing: readonly Change[];
  readonly fixed: readonly Change[];
  /** Judged before, and now not: blocked, not-tested, an error, not claimed any more, or not selected. */
  readonly newlyUnjudged: readonly Change[];
  /** Every other change of a status, a new warning for one. */
  readonly other: readonly Change[];
  /** The catalogues differ, so that a change may be one of the rules and not of the server. */
  readonly otherCatalogue: boolean;
}

/**
 * @throws UsageError for reports about different targets or profiles
 */
export function compareReports(old: Report, now: Report): Comparison {
  for (const part of ['name', 'profile'] as const) {
    if (old.target[part] !== now.target[part]) {
      throw new UsageError(
        `The reports are not about the same target: the ${part} is ${old.target[part]} in the one and ${now.target[part]} in the other.`,
      );
    }
  }
  const before = byId(old);
  const after = byId(now);
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((id) =>
    changeOf(id, before.get(id), after.get(id)),
  );
  const kinds = changes.map((change) => ({ change, kind: kindOf(change) }));
  const of = (wanted: Kind) => kinds.filter(({ kind }) => kind === wanted).map(({ change }) => change);
  return {
    newlyFailing: of('failing'),
    fixed: of('fixed'),
    newlyUnjudged: of('unjudged'),
    other: of('other'),
    otherCatalogue: old.tool.catalogueHash !== now.tool.catalogueHash,
  };
}

function byId({ results }: Report): ReadonlyMap<string, Result> {
  return new Map(results.map((result) => [result.id, result]));
}

function changeOf(id: string, was: Result | undefined, is: Result | undefined): readonly Change[] {
  if (was?.status === is?.status) return [];
  const said = is === undefined ? 'It is not in the newer report.' : (is.message ?? is.reason ?? '');
  return [{ id, was: was?.status ?? null, is: is?.status ?? null, said }];
}

type Kind = 'failing' | 'fixed' | 'unjudged' | 'other';

function kindOf({ was, is }: Change): Kind {
  if (is === 'fail') return 'failing';
  if (was !== null && isJudged(was) && (is === null || !isJudged(is))) return 'unjudged';
  return was === 'fail' && isKept(is) ? 'fixed' : 'other';
}

function isKept(status: Status | null): boolean {
  return status === 'pass' || status === 'warn';
}
