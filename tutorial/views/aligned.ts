/** Aligns two strings that differ: cut so that the parts they share line up. */
import { firstDifference } from '../lessons/compare.js';

/** A string in three parts: shared beginning, difference, shared end. */
export interface Aligned {
  readonly before: string;
  readonly differs: string;
  readonly after: string;
  /** How many more characters the other string has in the middle. */
  readonly missing: number;
}

/** @returns both strings, cut at the same places; uncut if they share less than half of the shorter one */
export function aligned(
  expected: string,
  sent: string,
): { readonly expected: Aligned; readonly sent: Aligned } {
  const start = firstDifference(expected, sent);
  const most = Math.min(expected.length, sent.length) - start;
  let end = 0;
  while (end < most && expected.at(-1 - end) === sent.at(-1 - end)) end += 1;
  if (2 * (start + end) < Math.min(expected.length, sent.length)) {
    return { expected: whole(expected), sent: whole(sent) };
  }
  return { expected: cut(expected, start, end, sent.length), sent: cut(sent, start, end, expected.length) };
}

const whole = (text: string): Aligned => ({ before: '', differs: text, after: '', missing: 0 });

function cut(text: string, start: number, end: number, other: number): Aligned {
  const stop = text.length - end;
  return {
    before: text.slice(0, start),
    differs: text.slice(start, stop),
    after: text.slice(stop),
    missing: Math.max(0, other - text.length),
  };
}
