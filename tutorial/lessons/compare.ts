/** Compares two strings: how they differ, in words that the learner can act on. */

/** @returns how `sent` differs from `expected`, in a few words; null when they are the same */
export function describeDifference(expected: string, sent: string): string | null {
  if (expected === sent) return null;
  if (sent === `${expected}/`) return 'extra slash at the end';
  if (expected === `${sent}/`) return 'missing slash at the end';
  if (sent.trim() === expected) return 'whitespace around it';
  if (sent.toLowerCase() === expected.toLowerCase()) return 'uppercase and lowercase differ';
  if (decoded(sent) === expected) return 'encoded twice';
  const at = firstDifference(expected, sent);
  if (sent.startsWith(expected)) return `too long: extra “${shown(sent.slice(at))}” at the end`;
  if (expected.startsWith(sent)) return `cut off: “${shown(expected.slice(at))}” is missing at the end`;
  return `first difference: character ${at + 1}, “${shown(expected.slice(at))}” expected, “${shown(sent.slice(at))}” sent`;
}

/** Whether a string is the name of a variable that no shell has replaced: `$CLIENT_ID`, `%CLIENT_ID%`, `{CLIENT_ID}`. */
export const isVariable = (text: string): boolean => /^[$%{]\{?[A-Z_]+/i.test(text);

/** @returns the index of the first character that differs */
export function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

const SHOWN = 24;
const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
