/** The result of judging a requirement, as plain data: every report is a function of these. */
import type { ExchangeRecord } from '../fixtures/evidence/exchange.js';
import type { Clause } from './clauses.js';
import type { Level } from './requirement.js';

export const STATUSES = [
  'pass',
  'fail',
  'warn',
  'known',
  'blocked',
  'not-tested',
  'not-applicable',
  'error',
] as const;
export type Status = (typeof STATUSES)[number];

/** There is a verdict about the server; every other status says why there is none. */
export function isJudged(status: Status): boolean {
  return ['pass', 'fail', 'warn', 'known'].includes(status);
}

/** Why a failure is accepted, and until when. */
interface KnownFailure {
  readonly reason: string;
  /** The last day on which it's accepted, as 2026-12-31; null for no end. */
  readonly expires: string | null;
  readonly link: string | null;
}

export interface Result {
  readonly id: string;
  readonly chapter: string;
  readonly level: Level;
  readonly status: Status;
  readonly statement: string;
  readonly clauses: readonly Clause[];
  /** One plain sentence: what the server did wrong; null if nothing is wrong. */
  readonly message: string | null;
  /** Why it was not judged; null if it was. */
  readonly reason: string | null;
  /** The requirement whose step failed. */
  readonly blockedBy: string | null;
  /** With `known`: the status that the baseline expects. */
  readonly baselineStatus: Status | null;
  /** With `known`: what the baseline says about it. */
  readonly known?: KnownFailure;
  readonly hint: string | null;
  readonly remarks: readonly string[];
  readonly durationMs: number;
  readonly expected: string | null;
  readonly received: string | null;
  readonly evidence: readonly ExchangeRecord[];
  /** The number of the exchange that the finding is about; if it's missing, the last one. */
  readonly decidedBy?: number;
}
