/** The requests of the lesson on key rotation, and the keys in their responses. */

import { ROTATED_HEADER } from '../../samples/operator.js';
import { decodeIdToken } from '../../token/decode.js';
import { isTokenRequest, type ObservedExchange, textOf } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';
import type { Recipe } from '../recipe.js';

export const getKeys: Recipe = { note: 'fetch the keys', method: 'GET', url: '{JWKS_URI}' };

export const rotateKeys: Recipe = {
  note: 'rotate the signing key, as the operator',
  method: 'POST',
  url: '{OPERATOR}/rotate-keys',
};

export const isOperator = ({ endpoint, answerHeaders }: ObservedExchange): boolean =>
  endpoint === null && answerHeaders[ROTATED_HEADER] !== undefined;

export const isRotation = ({ answerHeaders }: ObservedExchange): boolean =>
  answerHeaders[ROTATED_HEADER] === 'yes';

/** @returns the key ids of a key set; null for any other exchange */
export function kidsIn({ endpoint, status, json }: ObservedExchange): readonly string[] | null {
  const keys: unknown = json?.keys;
  if (endpoint !== 'jwks' || status !== 200 || !Array.isArray(keys)) return null;
  return keys.flatMap((key: unknown) =>
    typeof key === 'object' && key !== null && 'kid' in key && typeof key.kid === 'string' ? [key.kid] : [],
  );
}

/** @returns the key id of the ID Token in a token response; null for none */
export function kidOfToken(exchange: ObservedExchange): string | null {
  if (!isTokenRequest(exchange) || exchange.status !== 200) return null;
  return textOf(decodeIdToken(textOf(exchange.json?.id_token) ?? '')?.header.kid);
}

/** @returns the key ids that the learner fetched before the rotation; empty if they did not */
export function cachedKids({ past }: LessonContext): readonly string[] {
  const rotated = past.findIndex(isRotation);
  const before = rotated === -1 ? past : past.slice(0, rotated);
  return before.flatMap((one) => kidsIn(one) ?? []);
}
