/** Turns signals that a check expects into values. */
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NoRefreshToken, NotApplicable, NotTested } from '../../fixtures/verdict.js';

type ExpectedSignal = (signal: unknown) => boolean;

export const isNotTested: ExpectedSignal = (signal) => signal instanceof NotTested;

export const isNotApplicable: ExpectedSignal = (signal) => signal instanceof NotApplicable;

/** Something is missing in the target file, or a step of the server failed. */
export const isUnavailable: ExpectedSignal = (signal) =>
  signal instanceof NotTested || signal instanceof Blocked;

/** The server has no such endpoint, or nobody can tell or use it. */
export const isMissing: ExpectedSignal = (signal) => isNotApplicable(signal) || isUnavailable(signal);

export function isBlockedBy(step: Step): ExpectedSignal {
  return (signal) => signal instanceof Blocked && signal.step === step;
}

export const isWithoutRefreshToken: ExpectedSignal = (signal) => signal instanceof NoRefreshToken;

/** @returns what the work gives, or null if it ends with an expected signal */
export async function nullOn<T>(expected: ExpectedSignal, work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (signal) {
    if (expected(signal)) return null;
    throw signal;
  }
}
