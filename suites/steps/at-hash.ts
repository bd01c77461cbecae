/** at_hash: the left half of the hash of an access token (OpenID Connect Core 1.0 section 3.1.3.6). */
import { createHash } from 'node:crypto';
import type { DecodedIdToken } from '../../fixtures/flow/types.js';

/** The hash that the algorithm of the header uses; null where it has none (EdDSA). */
export function hashForIdToken({ header }: Pick<DecodedIdToken, 'header'>, text: string): Buffer | null {
  const bits = /^(?:RS|PS|ES|HS)(256|384|512)K?$/.exec(String(header.alg))?.[1];
  return bits === undefined ? null : createHash(`sha${bits}`).update(text, 'ascii').digest();
}

/** @returns the left half in base64url, null where no hash is defined for the algorithm */
export function leftHalfOfHash(token: Pick<DecodedIdToken, 'header'>, text: string): string | null {
  const hash = hashForIdToken(token, text);
  return hash === null ? null : hash.subarray(0, hash.length / 2).toString('base64url');
}
