/** Turns the signals that a check foresees into values. */
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';

type Foreseen = (signal: unknown) => boolean;

export const isNotTested: Foreseen = (signal) => signal instanceof NotTested;

export const isNotApplicable: Foreseen = (signal) => signal instanceof NotApplicable;

/** What the target file lacks, or a step of the server that failed. */
export const isUnavailable: Foreseen = (signal) => signal instanceof NotTested || signal instanceof Blocked;

export function isBlockedBy(step: Step): Foreseen {
  return (signal) => signal instanceof Blocked && signal.step === step;
}

/** @returns what the work gives, or null where it ends with a signal that is foreseen */
export async function nullOn<T>(foreseen: Foreseen, work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (signal) {
    if (foreseen(signal)) return null;
    throw signal;
  }
}
