/** What judging a requirement gives, as plain data: every report is a function of these. */
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

/** A verdict about the server exists; every other status says why there is none. */
export function isJudged(status: Status): boolean {
  return ['pass', 'fail', 'warn', 'known'].includes(status);
}

/** Why a failure is accepted, and for how long. */
export interface KnownFailure {
  readonly reason: string;
  /** The last day on which it is, as 2026-12-31; null for ever. */
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
  /** One plain sentence: what the server did wrong; null where nothing is wrong. */
  readonly message: string | null;
  /** Why it was not judged; null where it was. */
  readonly reason: string | null;
  /** The requirement whose step broke. */
  readonly blockedBy: string | null;
  /** With `known`: the status that the baseline expects. */
  readonly baselineStatus: Status | null;
  /** With `known`: what the baseline says of it. */
  readonly known?: KnownFailure;
  readonly hint: string | null;
  readonly remarks: readonly string[];
  readonly durationMs: number;
  readonly expected: string | null;
  readonly received: string | null;
  readonly evidence: readonly ExchangeRecord[];
  /** The number of the exchange that the finding is about; where it is missing, the last one. */
  readonly decidedBy?: number;
}
