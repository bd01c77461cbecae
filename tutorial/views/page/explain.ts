/** Explains an ID Token with the tutorial's issuer, clients, nonce and published keys. */

import { decodeIdToken } from '../../token/decode.js';
import { type CheckedStep, explainIdToken, readKeySet } from '../../token/explain.js';
import type { Tutorial } from '../../tutorial.js';
import { OWN_HEADER } from '../../watcher/exchange.js';
import type { ExplainToken } from './token.js';

const LIMIT_MS = 10_000;

export const explainerOf =
  (tutorial: Tutorial): ExplainToken =>
  async (token) => {
    const decoded = decodeIdToken(token);
    if (decoded === null) return null;
    const { ISSUER = '', CLIENT_ID = '', PUBLIC_CLIENT_ID, NONCE, JWKS_URI = '' } = tutorial.values;
    const { aud, nonce } = decoded.claims;
    const isPublic = PUBLIC_CLIENT_ID !== undefined && [aud].flat().includes(PUBLIC_CLIENT_ID);
    // The tutorial always has a nonce, but the early lessons don't send it.
    const isAsked = nonce !== undefined || tutorial.view().lesson.id === 'id-token';
    const explained = await explainIdToken(token, {
      issuer: ISSUER,
      clientId: isPublic ? PUBLIC_CLIENT_ID : CLIENT_ID,
      nonce: isAsked ? (NONCE ?? null) : null,
      keys: await keysOf(JWKS_URI),
      now: Math.floor(Date.now() / 1000),
    });
    return explained === null ? null : { ...explained, steps: explained.steps.map(aboutOwnNonce) };
  };

/** The tutorial only knows its own nonce, and learners may choose another. */
const aboutOwnNonce = (checked: CheckedStep): CheckedStep =>
  checked.step === 11 && !checked.ok
    ? {
        ...checked,
        text: 'nonce isn’t the one the tutorial handed out. If you chose your own, compare it with that.',
      }
    : checked;

/** Fetches them as a client does, marked so that the watcher doesn't take it for the learner's request. */
async function keysOf(address: string) {
  const response = await fetch(address, {
    headers: { [OWN_HEADER]: 'page' },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  return readKeySet(await response.json()) ?? { keys: [] };
}
