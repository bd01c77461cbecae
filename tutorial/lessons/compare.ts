/** Two texts side by side: where they first part, in words that a user can act on. */

/** @returns how `sent` differs from `expected`, in a few words; null when they are the same */
export function difference(expected: string, sent: string): string | null {
  if (expected === sent) return null;
  if (sent === `${expected}/`) return 'one slash more at the end';
  if (expected === `${sent}/`) return 'the slash at the end is missing';
  if (sent.trim() === expected) return 'white space around it';
  if (sent.toLowerCase() === expected.toLowerCase()) return 'capital and small letters differ';
  if (decoded(sent) === expected) return 'encoded once too often';
  const at = firstDifference(expected, sent);
  if (sent.startsWith(expected)) return `too long: “${shown(sent.slice(at))}” too many at the end`;
  if (expected.startsWith(sent)) return `cut off: “${shown(expected.slice(at))}” is missing at the end`;
  return `they part at character ${at + 1}: “${shown(expected.slice(at))}” expected, “${shown(sent.slice(at))}” sent`;
}

/** Whether a text is the name of a variable that no shell has replaced: `$CLIENT_ID`, `%CLIENT_ID%`, `{CLIENT_ID}`. */
export const isVariable = (text: string): boolean => /^[$%{]\{?[A-Z_]+/i.test(text);

/** @returns the index of the first character in which they differ */
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
