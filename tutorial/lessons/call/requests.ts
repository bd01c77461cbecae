/** Lesson 6: the calls, and which token a call carries. */
import { decodeJwt } from 'jose';
import type { EndpointName } from '../../../fixtures/sandbox/exchange.js';
import type { AccessTokenRecord } from '../../../fixtures/sandbox/store/records.js';
import { bearerOf, type ObservedExchange } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';
import type { Recipe } from '../recipe.js';

export const callUserinfo: Recipe = {
  note: 'ask who signed in',
  method: 'GET',
  url: '{USERINFO_ENDPOINT}',
  headers: { authorization: 'Bearer {ACCESS_TOKEN}' },
};

export const callWithIdToken: Recipe = {
  ...callUserinfo,
  note: 'the same call with the ID Token',
  headers: { authorization: 'Bearer {ID_TOKEN}' },
};

/** It needs user:read, which the token of the previous lessons doesn't have. */
export const callBenefits: Recipe = {
  note: 'ask for the user’s benefits',
  method: 'GET',
  url: '{API}/users/benefit',
  headers: { authorization: 'Bearer {ACCESS_TOKEN}' },
};

/** The endpoints of this lesson, with the scope that each needs. */
const NEEDED: Readonly<Partial<Record<EndpointName, string>>> = {
  userinfo: 'openid',
  userBenefits: 'user:read',
  organizations: 'organizations:read',
};

/** @returns the scope that the called endpoint needs; null for other endpoints */
export const scopeNeeded = ({ endpoint }: ObservedExchange): string | null =>
  endpoint === null ? null : (NEEDED[endpoint] ?? null);

export const isCall = (exchange: ObservedExchange): boolean => scopeNeeded(exchange) !== null;

/** Whether the token was revoked, alone or with everything from the same grant. */
export const isRevoked = (token: AccessTokenRecord, { store }: LessonContext): boolean =>
  token.revoked || store.grants.some(({ id, revoked }) => id === token.grantId && revoked);

/** Whether the token of a call is an ID Token of this server, whole. */
export function carriesIdToken(
  exchange: ObservedExchange,
  { issuer, store, values }: LessonContext,
): boolean {
  const sent = bearerOf(exchange) ?? '';
  const known = values.ID_TOKEN ?? '';
  const isAltered = sent !== known && signed(sent) === signed(known);
  try {
    const { iss, aud } = decodeJwt(sent);
    return (
      !isAltered && iss === issuer && store.clients.some(({ client_id }) => [aud].flat().includes(client_id))
    );
  } catch {
    return false;
  }
}

/** Header and payload, without the signature. */
const signed = (token: string): string => token.split('.').slice(0, 2).join('.');
