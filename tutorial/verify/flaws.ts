/** For those who have no program of their own: three altered ID Tokens, of which the flaws are to be found by eye. */
import { decodeIdToken, type TokenClaims } from '../token/decode.js';
import type { TokenKind, TokensToVerify } from './tokens.js';

/** What can be chosen for each token, in this order. */
export const FLAWS = [
  { kind: 'alg-none', text: 'Nobody signed it.' },
  { kind: 'iss', text: 'Another issuer made it.' },
  { kind: 'aud', text: 'It is for another client.' },
  { kind: 'exp', text: 'It has expired.' },
  { kind: 'nonce', text: 'It answers another request.' },
] as const satisfies readonly { readonly kind: TokenKind; readonly text: string }[];

const SHOWN: readonly TokenKind[] = ['aud', 'exp', 'alg-none'];

export interface FlawedToken {
  readonly header: TokenClaims;
  readonly claims: TokenClaims;
}

/** The exercise without its answer. */
export interface FlawExercise {
  /** With what the claims are to be compared; the time is the reader's own. */
  readonly expected: { readonly issuer: string; readonly clientId: string; readonly nonce: string };
  readonly tokens: readonly FlawedToken[];
  readonly choices: readonly string[];
}

export function flawExercise(given: TokensToVerify): FlawExercise {
  const { issuer, clientId, nonce } = given;
  const tokens = SHOWN.flatMap((kind) => {
    const token = given.tokens.find((one) => one.kind === kind)?.token;
    const decoded = token === undefined ? null : decodeIdToken(token);
    return decoded === null ? [] : [decoded];
  });
  return { expected: { issuer, clientId, nonce }, tokens, choices: FLAWS.map(({ text }) => text) };
}

/**
 * @param answers for each token the index of a choice; null where nothing is chosen yet
 * @returns which are right. When all three are, the exercise `verifier` of lesson 7 is reached
 */
export const checkFlaws = (answers: readonly (number | null)[]): readonly boolean[] =>
  SHOWN.map((kind, index) => FLAWS[answers[index] ?? -1]?.kind === kind);
