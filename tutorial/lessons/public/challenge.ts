/** The challenge of a verifier, and how a challenge can be wrong: slips with hashes and encodings. */
import { createHash } from 'node:crypto';

/** @returns the S256 challenge of a verifier (RFC 7636 §4.2): always 43 characters */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

/** Whether it has the length and the alphabet of RFC 7636 §4.1. */
export const isVerifier = (text: string): boolean => /^[A-Za-z0-9\-._~]{43,128}$/.test(text);

/** Whether it can be a SHA-256 hash in base64url without padding. */
export const isShapely = (challenge: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(challenge);

/** How a challenge with the right bytes is encoded wrongly, and what it should have been. */
export interface Misspelling {
  readonly how: 'hex' | 'base64' | 'newline';
  readonly expected: string;
}

/** @returns how a challenge is encoded wrongly, judging by the challenge alone; null if that can't be known */
export function misspellingOf(challenge: string): Misspelling | null {
  if (isShapely(challenge)) return null;
  const bare = challenge.trim();
  if (isShapely(bare)) return { how: 'newline', expected: bare };
  const hex = hexIn(bare);
  if (hex !== null) return { how: 'hex', expected: Buffer.from(hex, 'hex').toString('base64url') };
  // In a query + means a space, unless it is encoded.
  const url = bare.replace(/=+$/, '').replace(/[ +]/g, '-').replaceAll('/', '_');
  return isShapely(url) ? { how: 'base64', expected: url } : null;
}

/** The hexadecimal digits of a hash: as they are, or themselves encoded, as `sha256sum | base64` does. */
function hexIn(text: string): string | null {
  const decoded = Buffer.from(text.replaceAll(' ', '+'), 'base64').toString('latin1').trim();
  return [text, decoded].find((one) => /^[0-9a-f]{64}$/i.test(one)) ?? null;
}

/** Whether the challenge is the unhashed verifier: then it must not be shown. */
export const isUnhashed = (challenge: string, verifier: string): boolean =>
  challenge === verifier || Buffer.from(challenge, 'base64url').toString('latin1') === verifier;

/** Whether it is the hash of the verifier and the line end that `echo` adds. */
export const isOfLine = (challenge: string, verifier: string): boolean =>
  ['\n', '\r\n'].some((end) => challenge === challengeOf(verifier + end));
