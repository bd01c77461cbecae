/** The Report: everything that a run found, as plain data. Every format is a function of this value alone. */
import type { ReportedProfile } from '../../fixtures/target/profiles.js';
import type { Result, Status } from '../../suites/result.js';
import { decide, type Exit, type Policy, type Verdict } from '../decide.js';

export interface Report {
  /** Goes up when a reader of the old format would be misled. */
  readonly format: 1;
  readonly tool: Tool;
  readonly target: { readonly name: string; readonly issuer: string; readonly profile: ReportedProfile };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly run: RunFacts;
  readonly verdict: Verdict;
  readonly exit: Exit;
  /** Capabilities that the server doesn't claim, and how many selected requirements that excludes. */
  readonly notClaimed: readonly NotClaimed[];
  /** How many results there are of each status; their sum is `run.selected`. */
  readonly counts: Counts;
  readonly results: readonly ReportedResult[];
}

export interface ReportedResult extends Result {
  /** The command that runs this check again; missing if nothing was run. */
  readonly repeatCommand?: string;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly catalogVersion: string;
  readonly catalogHash: string;
}

interface RunFacts {
  readonly selected: number;
  /** Requirements of the target's profile. */
  readonly inProfile: number;
  /** What narrowed the selection, as it was written: `--chapter token`. */
  readonly filters: readonly string[];
  readonly shard: string | null;
  /** The target as named on the command line, null for the sandbox; reports of older versions don't have it. */
  readonly target?: string | null;
  /** The defects that the sandbox had. */
  readonly defects: readonly string[];
  readonly browser: string | null;
  readonly interrupted: boolean;
}

export interface NotClaimed {
  readonly capability: string;
  readonly reason: string;
  /** The key of the target file that says the server has it; null if there is none. */
  readonly setting: string | null;
  readonly requirements: number;
}

export type Counts = Readonly<Record<Status, number>>;

/** What a report is made of. */
export interface ReportInput {
  readonly tool: Tool;
  readonly target: Report['target'];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly run: Omit<RunFacts, 'selected' | 'interrupted'>;
  readonly notClaimed: readonly NotClaimed[];
  readonly results: readonly Result[];
  /** From a requirement's id to the command that runs its check again. */
  readonly repeatCommand: (id: string) => string;
  readonly policy: Policy;
}

/** @returns the report of these findings, with its verdict */
export function buildReport({
  tool,
  target,
  startedAt,
  durationMs,
  run,
  notClaimed,
  results,
  repeatCommand,
  policy,
}: ReportInput): Report {
  const { verdict, exit } = decide(results, policy);
  return {
    format: 1,
    tool,
    target,
    startedAt,
    durationMs,
    run: {
      selected: results.length,
      inProfile: run.inProfile,
      filters: run.filters,
      shard: run.shard,
      ...(run.target === undefined ? {} : { target: run.target }),
      defects: run.defects,
      browser: run.browser,
      interrupted: policy.interrupted !== null,
    },
    verdict,
    exit,
    notClaimed,
    counts: countByStatus(results),
    results: results.map((result) =>
      NOT_REPEATABLE.has(result.status) ? result : { ...result, repeatCommand: repeatCommand(result.id) },
    ),
  };
}

/** A check that never began has nothing to see again. */
const NOT_REPEATABLE: ReadonlySet<Status> = new Set(['not-tested', 'not-applicable']);

/** @returns how many results there are of each status, including zeros */
export function countByStatus(results: readonly Pick<Result, 'status'>[]): Counts {
  const counts: Record<Status, number> = {
    pass: 0,
    fail: 0,
    warn: 0,
    known: 0,
    blocked: 0,
    'not-tested': 0,
    'not-applicable': 0,
    error: 0,
  };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

/** @returns the results of one status, in the report's order */
export function findByStatus(report: Report, status: Status): readonly ReportedResult[] {
  return report.results.filter((result) => result.status === status);
}
