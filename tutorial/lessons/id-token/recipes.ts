/** The requests of lesson 7. */
import type { ObservedExchange } from '../../watcher/exchange.js';
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
  note: 'fetch the keys that verify the ID Token',
  method: 'GET',
  url: '{JWKS_URI}',
};

/** The request is only shown; the command is in its note. */
export const runSample: Recipe = {
  ...getKeys,
  note: `a verifier fetches these keys; to run a finished one: npx polar-conformance tutorial verify-with -- node "${SAMPLE}"`,
};

export const isAuthorization = ({ endpoint }: ObservedExchange): boolean =>
  endpoint === 'authorize' || endpoint === 'decision';
