/** Lesson 6: the calls, and what the token in a call is. */
import { decodeJwt } from 'jose';
import type { EndpointName } from '../../../fixtures/sandbox/exchange.js';
import type { AccessTokenRecord } from '../../../fixtures/sandbox/store/records.js';
import { bearerOf, type Seen } from '../../watcher/seen.js';
import type { Scene } from '../lesson.js';
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

/** It asks for user:read, which the token of the lessons before has not. */
export const callBenefits: Recipe = {
  note: 'ask what the user benefits from',
  method: 'GET',
  url: '{API}/users/benefit',
  headers: { authorization: 'Bearer {ACCESS_TOKEN}' },
};

/** The endpoints of this lesson, with the scope that each asks for. */
const NEEDED: Readonly<Partial<Record<EndpointName, string>>> = {
  userinfo: 'openid',
  userBenefits: 'user:read',
  organizations: 'organizations:read',
};

/** @returns the scope that the called endpoint asks for; null for others */
export const scopeNeeded = ({ endpoint }: Seen): string | null =>
  endpoint === null ? null : (NEEDED[endpoint] ?? null);

export const isCall = (exchange: Seen): boolean => scopeNeeded(exchange) !== null;

/** It was ended by itself or with all that came of the same grant. */
export const hasEnded = (token: AccessTokenRecord, { store }: Scene): boolean =>
  token.revoked || store.grants.some(({ id, revoked }) => id === token.grantId && revoked);

/** Whether the token of a call is an ID Token of this server, whole. */
export function carriesIdToken(exchange: Seen, { issuer, store, values }: Scene): boolean {
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
