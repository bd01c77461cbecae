/** Decodes an ID Token: header and claims as they are, with no checks. */
import { membersOf } from '../watcher/exchange.js';

export type TokenClaims = Readonly<Record<string, unknown>>;

export interface DecodedToken {
  readonly header: TokenClaims;
  readonly claims: TokenClaims;
}

/** @returns null unless it is a JSON Web Token: three parts, the first two of them JSON objects */
export function decodeIdToken(token: string): DecodedToken | null {
  const parts = token.trim().split('.');
  if (parts.length !== 3) return null;
  const header = partOf(parts[0] ?? '');
  const claims = partOf(parts[1] ?? '');
  return header === null || claims === null ? null : { header, claims };
}

const partOf = (part: string): TokenClaims | null =>
  membersOf(Buffer.from(part, 'base64url').toString('utf8'));
