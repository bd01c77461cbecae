/** Tokens that nobody issued. */
import { randomBytes } from 'node:crypto';

/** A made-up token of the usual length. It has no dots, so no server takes it for a JWT. */
export const makeUnknownToken = (): string => randomBytes(32).toString('base64url');

/** A made-up token of the form of a JWT, with a signature of random bytes. */
export function makeUnknownJwt(): string {
  const parts = [{ alg: 'RS256', typ: 'at+jwt' }, { sub: 'nobody' }];
  const encoded = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...encoded, makeUnknownToken()].join('.');
}
