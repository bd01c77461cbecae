/**
 * From results to a verdict and an exit code. This is the one place that knows what strictness and
 * incompleteness mean; every report and every command asks here.
 */
import { isJudged, type Result, type Status } from '../suites/result.js';

/** `known-failures`: all is as the baseline expects, which is not the same as conforming. */
export type Verdict = 'conforming' | 'known-failures' | 'not-conforming' | 'incomplete';

/** How a run was ended from outside. */
export type Interruption = 'SIGINT' | 'SIGTERM';

export interface Policy {
  /** Warnings decide as failures do. */
  readonly strict: boolean;
  /** What there were no means to test does not hold back success. */
  readonly allowIncomplete: boolean;
  readonly interrupted: Interruption | null;
  /** Parts of the whole that nobody handed in, a sentence each. */
  readonly missing?: readonly string[];
  /** What is wrong with the baseline: stale, expired and unknown entries, a sentence each. */
  readonly complaints?: readonly string[];
}

export interface Exit {
  readonly code: 0 | 1 | 3 | 130 | 143;
  /** Why it is not 0, or why it is 0 in spite of something: plain sentences. */
  readonly reasons: readonly string[];
}

export interface Decision {
  readonly verdict: Verdict;
  readonly exit: Exit;
}

/** What a result needs to have for a decision. */
export type DecidableResult = Pick<Result, 'id' | 'status' | 'blockedBy' | 'baselineStatus'>;

/**
 * @param results one for each requirement that was selected
 * @param policy what the user asked for, and how the run ended
 */
export function decide(results: readonly DecidableResult[], policy: Policy): Decision {
  const broken = results.filter((result) => isDeciding(result, policy));
  const failed = new Set(broken.map(({ id }) => id));
  const held = results.filter(
    ({ status, blockedBy }) => status === 'blocked' && blockedBy !== null && failed.has(blockedBy),
  );
  const missing = policy.missing ?? [];
  const judged = findVerdict(results, broken.length > 0);
  const verdict = isSuccess(judged) && missing.length > 0 ? 'incomplete' : judged;
  const because = explainDecision(results, broken, held, policy);
  return { verdict, exit: { code: findExitCode(verdict, results, policy), reasons: because } };
}

/** A deciding result: a broken MUST, and under `strict` any other broken rule. */
function isDeciding({ status }: DecidableResult, { strict }: Policy): boolean {
  return status === 'fail' || (strict && status === 'warn');
}

/** Something was judged: a verdict about the server exists. That a test was agreed to be left out is none. */
function hasJudged(results: readonly DecidableResult[]): boolean {
  return results.some(({ status, baselineStatus }) =>
    isJudged(status === 'known' && baselineStatus !== null ? baselineStatus : status),
  );
}

function findVerdict(results: readonly DecidableResult[], broken: boolean): Verdict {
  // A requirement that a failing owner blocks is counted by its owner, which fails itself.
  if (broken) return 'not-conforming';
  const open = results.some(({ status }) => ['not-tested', 'blocked', 'error'].includes(status));
  if (open || !hasJudged(results)) return 'incomplete';
  return results.some(({ status }) => status === 'known') ? 'known-failures' : 'conforming';
}

/** @returns whether a pipeline may go on with it */
function isSuccess(verdict: Verdict): boolean {
  return verdict === 'conforming' || verdict === 'known-failures';
}

function findExitCode(verdict: Verdict, results: readonly DecidableResult[], policy: Policy): Exit['code'] {
  if (policy.interrupted === 'SIGINT') return 130;
  if (policy.interrupted === 'SIGTERM') return 143;
  if (verdict === 'not-conforming' || (policy.complaints ?? []).length > 0) return 1;
  if (isSuccess(verdict)) return 0;
  if ((policy.missing ?? []).length > 0) return 3;
  const onlyUntested = results.every(({ status }) => status !== 'blocked' && status !== 'error');
  return policy.allowIncomplete && onlyUntested && hasJudged(results) ? 0 : 3;
}

function explainDecision(
  results: readonly DecidableResult[],
  broken: readonly DecidableResult[],
  held: readonly DecidableResult[],
  policy: Policy,
): readonly string[] {
  const because: string[] = [];
  const count = (status: Status) => results.filter((result) => result.status === status).length;
  if (policy.interrupted === 'SIGINT') because.push('The run was interrupted.');
  if (policy.interrupted === 'SIGTERM') because.push('The run was terminated.');
  if (broken.length > 0) {
    const warnings = broken.filter(({ status }) => status === 'warn').length;
    const strictly = warnings > 0 ? ` (${warnings} with a warning, which counts under --strict)` : '';
    because.push(`${countRequirements(broken.length)} failed${strictly}: ${listIds(broken)}.`);
  }
  if (count('blocked') > 0) {
    because.push(
      `${wasOrWere(count('blocked'))} blocked by ${describeOwners(held.length, count('blocked'))}.`,
    );
  }
  if (count('error') > 0) {
    because.push(
      `${wasOrWere(count('error'))} not judged because of an error on our side or on the network.`,
    );
  }
  if (count('not-tested') > 0) {
    const allowed = policy.allowIncomplete ? ', which --allow-incomplete allows' : '';
    because.push(`${wasOrWere(count('not-tested'))} not tested${allowed}.`);
  }
  because.push(...(policy.missing ?? []), ...(policy.complaints ?? []));
  if (!hasJudged(results)) because.push('Nothing was judged.');
  return because;
}

/** @param owned how many of the blocked requirements were blocked by one that failed */
function describeOwners(owned: number, blocked: number): string {
  if (owned === blocked) return 'a requirement that failed';
  return owned === 0 ? 'another step' : `another step, ${owned} of them by a requirement that failed`;
}

function countRequirements(count: number): string {
  return count === 1 ? '1 requirement' : `${count} requirements`;
}

function wasOrWere(count: number): string {
  return `${countRequirements(count)} ${count === 1 ? 'was' : 'were'}`;
}

/** The first few by name: a sentence is not the place for a list of a hundred. */
function listIds(results: readonly DecidableResult[]): string {
  const shown = results.slice(0, 5).map(({ id }) => id);
  const more = results.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
