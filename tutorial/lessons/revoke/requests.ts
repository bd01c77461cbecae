/** The requests of the lesson on revocation and introspection, and what they are about. */
import type { AccessTokenRecord, RefreshTokenRecord } from '../../../fixtures/sandbox/store/records.js';
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';
import type { Recipe } from '../recipe.js';

const CREDENTIALS = { client_id: '{CLIENT_ID}', client_secret: '{CLIENT_SECRET}' };

export const introspectToken: Recipe = {
  note: 'ask about the access token',
  method: 'POST',
  url: '{INTROSPECTION_ENDPOINT}',
  form: { token: '{ACCESS_TOKEN}', ...CREDENTIALS },
};

export const introspectAnonymously: Recipe = {
  note: 'ask as nobody',
  method: 'POST',
  url: '{INTROSPECTION_ENDPOINT}',
  form: { token: '{ACCESS_TOKEN}' },
};

export const revokeToken: Recipe = {
  note: 'revoke the refresh token',
  method: 'POST',
  url: '{REVOCATION_ENDPOINT}',
  form: { token: '{REFRESH_TOKEN}', ...CREDENTIALS },
};

const isPost =
  (endpoint: 'revoke' | 'introspect') =>
  (exchange: ObservedExchange): boolean =>
    exchange.endpoint === endpoint && exchange.method === 'POST';

export const isRevocation = isPost('revoke');
export const isIntrospection = isPost('introspect');

/** @returns the access token that a form names; undefined for any other value */
export const findAccessToken = (
  { form }: ObservedExchange,
  { store }: LessonContext,
): AccessTokenRecord | undefined => store.accessTokens.find(({ value }) => value === form.get('token'));

/** @returns the refresh token that a form names; undefined for any other value */
export const findRefreshToken = (
  { form }: ObservedExchange,
  { store }: LessonContext,
): RefreshTokenRecord | undefined => store.refreshTokens.find(({ value }) => value === form.get('token'));

/** Whether everything from this grant was revoked. */
export const isGrantRevoked = (grantId: string | undefined, { store }: LessonContext): boolean =>
  store.grants.some(({ id, revoked }) => id === grantId && revoked);

/** @returns the `active` member of an introspection response; null for none */
export function readActive({ status, json }: ObservedExchange): boolean | null {
  return status === 200 && typeof json?.active === 'boolean' ? json.active : null;
}
