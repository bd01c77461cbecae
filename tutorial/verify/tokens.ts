/** ID Tokens for a learner's verifier: valid ones, and altered ones with one flaw each. */
import { importJWK, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { isObject } from '../../fixtures/parse-json.js';
import type { Values } from '../lessons/values.js';

export const KINDS = [
  'good',
  'audience-list',
  'signature',
  'alg-none',
  'iss',
  'aud',
  'exp',
  'nonce',
  'old-key',
  'unknown-kid',
  'borrowed-kid',
] as const;
export type TokenKind = (typeof KINDS)[number];

/** The kinds that are about keys. */
type KeyKind = 'old-key' | 'unknown-kid' | 'borrowed-kid';
export type ClaimKind = Exclude<TokenKind, KeyKind>;

export interface TokenToVerify {
  readonly kind: TokenKind;
  readonly token: string;
}

/** Everything a verifier is given; plain data, so that another process can ask for it. */
export interface TokensToVerify {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly jwksUri: string;
  /** A valid one comes first. */
  readonly tokens: readonly TokenToVerify[];
}

export interface TokenParts extends Omit<TokensToVerify, 'tokens'> {
  readonly subject: string;
  /** The issuer's private key. */
  readonly key: JWK;
  /** Seconds since 1970. */
  readonly now: number;
}

const isAboutKeys = (kind: TokenKind): kind is KeyKind =>
  kind === 'old-key' || kind === 'unknown-kid' || kind === 'borrowed-kid';

const CLAIM_KINDS: readonly ClaimKind[] = KINDS.filter((kind) => !isAboutKeys(kind));

export const HOUR = 3600;

/** @returns one token of each kind, signed with the issuer's key if it is signed at all */
async function makeTokens(parts: TokenParts): Promise<TokensToVerify> {
  const { issuer, clientId, nonce, jwksUri, subject, key, now } = parts;
  const claims = {
    iss: issuer,
    sub: subject,
    aud: clientId,
    iat: now,
    exp: now + HOUR,
    auth_time: now,
    nonce,
  };
  const sign = signer(key, await importJWK(key, 'RS256'));
  const good = await sign(claims);
  const made: Readonly<Record<ClaimKind, string>> = {
    good,
    'audience-list': await sign({ ...claims, aud: [clientId] }),
    signature: withClaims(good, { ...claims, sub: `${subject}-of-another-user` }),
    'alg-none': new UnsecuredJWT(claims).encode(),
    iss: await sign({ ...claims, iss: 'https://another-issuer.example' }),
    aud: await sign({ ...claims, aud: 'polar_ci_of_another_client' }),
    // Longer ago than any allowance for clocks that differ.
    exp: await sign({ ...claims, iat: now - 3 * HOUR, auth_time: now - 3 * HOUR, exp: now - 2 * HOUR }),
    nonce: await sign({ ...claims, nonce: 'nonce-of-another-request' }),
  };
  return {
    issuer,
    clientId,
    nonce,
    jwksUri,
    tokens: CLAIM_KINDS.map((kind) => ({ kind, token: made[kind] })),
  };
}

export const signer =
  ({ kid }: JWK, key: Awaited<ReturnType<typeof importJWK>>) =>
  (claims: JWTPayload): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...(kid === undefined ? {} : { kid }) }).sign(key);

/** Keeps header and signature, as an attacker does who has a token and wants to be someone else. */
export function withClaims(token: string, claims: JWTPayload): string {
  const [header = '', , signature = ''] = token.split('.');
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}

/** @returns the tokens for the learner's client and the current nonce; null while there is no client */
export async function tokensOf(values: Values, key: JWK, subject: string): Promise<TokensToVerify | null> {
  const { ISSUER: issuer, CLIENT_ID: clientId, NONCE: nonce, JWKS_URI: jwksUri } = values;
  if (issuer === undefined || clientId === undefined || nonce === undefined || jwksUri === undefined) {
    return null;
  }
  const now = Math.floor(Date.now() / 1000);
  return makeTokens({ issuer, clientId, nonce, jwksUri, subject, key, now });
}

/** @returns the tokens that another process sent, or null if the value is anything else */
export function readTokens(value: unknown): TokensToVerify | null {
  if (!isObject(value) || !Array.isArray(value.tokens)) return null;
  const { issuer, clientId, nonce, jwksUri } = value;
  if (typeof issuer !== 'string' || typeof clientId !== 'string') return null;
  if (typeof nonce !== 'string' || typeof jwksUri !== 'string') return null;
  const tokens = value.tokens.flatMap((one: unknown) => {
    if (!isObject(one) || typeof one.token !== 'string') return [];
    const kind = KINDS.find((name) => name === one.kind);
    return kind === undefined ? [] : [{ kind, token: one.token }];
  });
  const isWhole = tokens.length === value.tokens.length && tokens[0]?.kind === 'good';
  return isWhole ? { issuer, clientId, nonce, jwksUri, tokens } : null;
}
