/** Small changes to a secret: a server that compares only a part of it, or in any letter case, doesn't notice them. */
import type { CheckContext } from '../requirement.js';

type Tools = Pick<CheckContext, 'alter' | 'learn'>;

interface Alteration {
  /** Names the change after the secret: 'a code …'. */
  readonly what: string;
  /** @returns the altered secret */
  apply(secret: string, tools: Tools): string;
}

export const ALTERATIONS: readonly Alteration[] = [
  {
    what: 'with a character in its middle changed',
    apply: (secret, { alter }) => alter(secret, 'middle'),
  },
  { what: 'with a character near its beginning changed', apply: changeFirstThird },
  { what: 'with its letters in the other case', apply: (secret, { alter }) => alter(secret, 'case') },
  { what: 'with one character more', apply: (secret, { alter }) => alter(secret, 'longer') },
  { what: 'without its last character', apply: (secret, { alter }) => alter(secret, 'shorter') },
];

/** @returns the secret with the letter or digit a third of the way through changed: behind a prefix, in the first half */
export function changeFirstThird(secret: string, { learn }: Pick<Tools, 'learn'>): string {
  const from = Math.floor(secret.length / 3);
  const at = [...secret].findIndex((character, place) => place >= from && /[A-Za-z0-9]/.test(character));
  if (at < 0) return secret;
  const altered = `${secret.slice(0, at)}${secret[at] === 'b' ? 'c' : 'b'}${secret.slice(at + 1)}`;
  learn(altered, 'an altered secret');
  return altered;
}
