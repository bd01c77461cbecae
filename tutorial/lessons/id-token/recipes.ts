/** The requests of lesson 7. */
import type { Seen } from '../../watcher/seen.js';
import type { Recipe } from '../recipe.js';
import { authorize, exchangeCode } from '../steps.js';
import { SAMPLE } from './exercise.js';

export const authorizeWithNonce: Recipe = {
  ...authorize,
  note: 'send the user to consent, with a nonce',
  query: { ...authorize.query, nonce: '{NONCE}' },
};

export const redeem = exchangeCode;

export const getKeys: Recipe = {
  note: 'get the keys that the ID Token is verified with',
  method: 'GET',
  url: '{JWKS_URI}',
};

/** A request for the eye; the command stands in its note. */
export const runSample: Recipe = {
  ...getKeys,
  note: `a verifier fetches these keys; a finished one runs by: npx polar-conformance tutorial verify-with -- node "${SAMPLE}"`,
};

export const isAuthorization = ({ endpoint }: Seen): boolean =>
  endpoint === 'authorize' || endpoint === 'decision';
