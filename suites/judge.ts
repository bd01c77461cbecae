/**
 * Judges one requirement against one server. It never throws and has its own deadline, so the Playwright run and
 * `prove` both call it and treat the result as data.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { NotUnderstood } from '../fixtures/browser/unrecognized-page.js';
import type { CheckRun, Environment } from '../fixtures/environment.js';
import { firstLine, OverLimit } from '../fixtures/errors.js';
import { findDecidingExchange } from '../fixtures/evidence/deciding-exchange.js';
import { isUnavailable, UNAVAILABLE_PAUSE_MS } from '../fixtures/http/unavailable.js';
import type { UserName } from '../fixtures/target/settings.js';
import { within } from '../fixtures/time/deadline.js';
import { Blocked, Failed, NotApplicable, NotTested } from '../fixtures/verdict.js';
import { judgesErrorStatus, learnErrorStatus } from './error-status.js';
import { describeRateLimit } from './rate-limited.js';
import type { Requirement } from './requirement.js';
import type { Result, Status } from './result.js';

const DEFAULT_DEADLINE_MS = 30_000;

export interface JudgeOptions {
  /** In milliseconds; overrides the requirement's own deadline. */
  readonly timeout?: number;
  /** Waits so many milliseconds for a server that wasn't available; by default it really does. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** An error that may come from timing or the network is retried once, and so is what a server error decided. */
export const TRIES = 2;

/** What the end of a check means for its result. */
type Outcome = Pick<Result, 'status' | 'message' | 'reason' | 'blockedBy' | 'hint' | 'expected' | 'received'>;

/** One try: its result, and the thrown value if that is our own error. */
interface Try {
  readonly result: Result;
  readonly error: unknown;
}

const NOTHING: Outcome = {
  status: 'pass',
  message: null,
  reason: null,
  blockedBy: null,
  hint: null,
  expected: null,
  received: null,
};

/**
 * @param requirement the rule to judge
 * @param chapter the id of its chapter
 * @param environment the server and what is needed to test it
 * @returns the verdict with its evidence, redacted
 */
export async function judge(
  requirement: Requirement,
  chapter: string,
  environment: Environment,
  options: JudgeOptions = {},
): Promise<Result> {
  const first = await tryWithStatus(requirement, chapter, environment, options);
  const isError = first.result.status === 'error' && mayPass(first.error);
  const vain = vainTries.get(environment) ?? 0;
  const isAway = restsOnUnavailable(first.result);
  const isBlocked = isBlockedByServerError(first.result);
  if (!isError && (vain >= MOST_VAIN_TRIES || !(isAway || isBlocked))) return first.result;
  if (isAway) await (options.wait ?? sleep)(UNAVAILABLE_PAUSE_MS);
  // Sending forms with no browser may have been the trouble.
  const { result } = await tryOnce(requirement, chapter, environment, options, isError);
  if (!isError && (isBlockedByServerError(result) || restsOnUnavailable(result)))
    vainTries.set(environment, vain + 1);
  const ended = isError
    ? 'ended in an error'
    : isBlocked
      ? 'was blocked by a server error'
      : 'met a server that was not available';
  return {
    ...result,
    remarks: [
      `Judged in a second try. The first one ${ended}: ${first.result.message ?? first.result.reason}`,
      ...result.remarks,
    ],
    durationMs: first.result.durationMs + result.durationMs,
  };
}

/** A server that always fails at a step blocks most checks: then second tries would only double the time. */
const MOST_VAIN_TRIES = 3;
const vainTries = new WeakMap<Environment, number>();

/** A step failed with a status from 500: a busy database, say, which another request doesn't meet. */
function isBlockedByServerError({ status, evidence }: Result): boolean {
  return status === 'blocked' && (evidence.at(-1)?.response.status ?? 0) >= 500;
}

/** A verdict that rests on a response of a server that was away for a moment says nothing about the server. */
function restsOnUnavailable({ status, evidence, decidedBy }: Result): boolean {
  if (status !== 'fail' && status !== 'warn' && status !== 'blocked') return false;
  const deciding = evidence.find(({ n }) => n === decidedBy) ?? evidence.at(-1);
  return deciding !== undefined && isUnavailable(deciding.response.status);
}

/** Whether another try may end differently: not if our own code is wrong, and not on a page that we can't work out. */
function mayPass(error: unknown): boolean {
  const ours = [TypeError, RangeError, ReferenceError, SyntaxError, OverLimit, NotUnderstood];
  return !ours.some((kind) => error instanceof kind);
}

/** A check that a wrong status of an error has failed is judged again if the endpoint sends all errors with it. */
async function tryWithStatus(
  requirement: Requirement,
  chapter: string,
  environment: Environment,
  options: JudgeOptions,
): Promise<Try> {
  const first = await tryOnce(requirement, chapter, environment, options, false);
  if (judgesErrorStatus(requirement.id)) return first;
  // A check may meet the errors of several endpoints.
  let last = first;
  for (let place = 0; place < KINDS_OF_ERRORS; place += 1) {
    if (!(await learnErrorStatus(environment, last.result))) break;
    last = await tryOnce(requirement, chapter, environment, options, false);
  }
  if (last === first) return first;
  const remark = `Errors with a wrong status counted as refusals, since other requirements judge the status: ${first.result.message}`;
  return { ...last, result: { ...last.result, remarks: [remark, ...last.result.remarks] } };
}

/** Those of exchanges, refreshes, revocation, introspection, userinfo and two endpoints of the API. */
const KINDS_OF_ERRORS = 7;

async function tryOnce(
  requirement: Requirement,
  chapter: string,
  environment: Environment,
  options: JudgeOptions,
  byBrowser: boolean,
): Promise<Try> {
  const started = performance.now();
  const checkRun = environment.startCheck({
    byBrowser: byBrowser || requirement.byBrowser === true,
    judgesErrorStatus: judgesErrorStatus(requirement.id),
  });
  const { outcome: judged, error } = await runCheck(
    requirement,
    checkRun,
    options.timeout ?? requirement.deadline ?? DEFAULT_DEADLINE_MS,
  );
  const seen = checkRun.evidence();
  const limited = judged.status === 'not-tested' ? null : describeRateLimit(seen, error);
  const asks = limited === null && DOUBTFUL.has(judged.status) && seen.length > 0;
  const reason = limited ?? (asks ? await checkRun.findExpiredSession(listUsers(requirement)) : null);
  const outcome: Outcome = reason === null ? judged : { ...NOTHING, status: 'not-tested', reason };
  const evidence = asks ? checkRun.evidence() : seen;
  const clean = redactOutcome(outcome, checkRun);
  const decision = reason === null ? decide(clean, evidence, error) : {};
  const result = {
    id: requirement.id,
    chapter,
    level: requirement.level,
    statement: requirement.statement,
    clauses: requirement.clauses,
    baselineStatus: null,
    ...clean,
    hint: hintFor(clean.hint, evidence, decision),
    remarks: checkRun.remarks().map((remark) => checkRun.redact(remark)),
    durationMs: Math.round(performance.now() - started),
    evidence,
    ...decision,
  };
  await checkRun.close(wantsTrace(result.status) ? requirement.id : undefined).catch(() => undefined);
  return { result, error };
}

/** Which exchange the finding is about: the one that the judgment names, else one that shows what came. */
function decide(
  { received }: Outcome,
  evidence: Result['evidence'],
  thrown: unknown,
): Pick<Result, 'decidedBy'> {
  if (!(thrown instanceof Failed || thrown instanceof Blocked)) return {};
  const deciding = findDecidingExchange(evidence, received, thrown.decidedBy ?? undefined);
  return deciding === undefined ? {} : { decidedBy: deciding.n };
}

/** The hint of a rule says how to keep it; a server that breaks down on the way has to be repaired first. */
function hintFor(
  hint: string | null,
  evidence: Result['evidence'],
  { decidedBy }: Pick<Result, 'decidedBy'>,
): string | null {
  const status = evidence.find(({ n }) => n === decidedBy)?.response.status ?? 0;
  if (hint === null || status < 500) return hint;
  return `The server broke down here (status ${status}): start with its log. ${hint}`;
}

/** What an expired session may cause. */
const DOUBTFUL: ReadonlySet<Status> = new Set(['fail', 'warn', 'blocked', 'error', 'not-tested']);

function listUsers({ needs }: Requirement): readonly UserName[] {
  return [
    ...(needs.includes('user') ? (['first'] as const) : []),
    ...(needs.includes('second-user') ? (['second'] as const) : []),
  ];
}

/** Traces are most useful for a page that we can't work out. */
function wantsTrace(status: Status): boolean {
  return status === 'fail' || status === 'warn' || status === 'error';
}

interface Ended {
  readonly outcome: Outcome;
  readonly error: unknown;
}

async function runCheck(requirement: Requirement, checkRun: CheckRun, deadline: number): Promise<Ended> {
  try {
    await within(
      deadline,
      requirement.check(checkRun.context),
      () => new Error(`the check did not end within ${Math.round(deadline / 1000)} s`),
      () => checkRun.waitedMs(),
    );
    return { outcome: NOTHING, error: null };
  } catch (thrown) {
    return { outcome: toOutcome(thrown, requirement), error: thrown };
  }
}

function toOutcome(thrown: unknown, requirement: Requirement): Outcome {
  if (thrown instanceof Failed) return failedOutcome(requirement, thrown.message, thrown.finding);
  // A step that this requirement owns is what it judges: no other check will report it.
  if (thrown instanceof Blocked && thrown.owner === requirement.id) {
    return failedOutcome(requirement, thrown.message, thrown.finding);
  }
  if (thrown instanceof Blocked) {
    return { ...NOTHING, status: 'blocked', reason: thrown.message, blockedBy: thrown.owner };
  }
  if (thrown instanceof NotTested) return { ...NOTHING, status: 'not-tested', reason: thrown.message };
  if (thrown instanceof NotApplicable)
    return { ...NOTHING, status: 'not-applicable', reason: thrown.message };
  return { ...NOTHING, status: 'error', reason: describeError(thrown) };
}

function failedOutcome(requirement: Requirement, message: string, finding: Failed['finding']): Outcome {
  const status: Status = requirement.level === 'MUST' ? 'fail' : 'warn';
  return {
    ...NOTHING,
    status,
    message,
    hint: finding.hint ?? requirement.hint,
    expected: finding.expected,
    received: finding.received,
  };
}

function redactOutcome(outcome: Outcome, checkRun: CheckRun): Outcome {
  const clean = (text: string | null) => (text === null ? null : checkRun.redact(text));
  return {
    ...outcome,
    message: clean(outcome.message),
    reason: clean(outcome.reason),
    hint: clean(outcome.hint),
    expected: clean(outcome.expected),
    received: clean(outcome.received),
  };
}

function describeError(error: unknown): string {
  return firstLine(error).trim() || 'the check ended with an error that has no text';
}
