/** For learners with no program of their own: three altered ID Tokens whose flaws they find by eye. */
import { decodeIdToken, type TokenClaims } from '../token/decode.js';
import type { TokenKind, TokensToVerify } from './tokens.js';

/** The choices for each token, in this order. */
export const FLAWS = [
  { kind: 'alg-none', text: 'It isn’t signed.' },
  { kind: 'iss', text: 'Another issuer made it.' },
  { kind: 'aud', text: 'It’s for another client.' },
  { kind: 'exp', text: 'It has expired.' },
  { kind: 'nonce', text: 'It answers another request.' },
] as const satisfies readonly { readonly kind: TokenKind; readonly text: string }[];

const SHOWN: readonly TokenKind[] = ['aud', 'exp', 'alg-none'];

export interface FlawedToken {
  readonly header: TokenClaims;
  readonly claims: TokenClaims;
}

/** The exercise, with no answers in it. */
export interface FlawExercise {
  /** What to compare the claims with; the current time comes from the reader. */
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
 * @param answers for each token the index of a choice; null if none is chosen yet
 * @returns which are right. When all three are, the exercise `verifier` of lesson 7 is reached
 */
export const checkFlaws = (answers: readonly (number | null)[]): readonly boolean[] =>
  SHOWN.map((kind, index) => FLAWS[answers[index] ?? -1]?.kind === kind);
