/** Grants of a public client of the check's own, refreshed once. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Client, Flow, Tokens } from '../../fixtures/flow/types.js';
import { whatCame } from '../../fixtures/judgement/describe.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { refreshableTokens } from '../token/twins.js';
import { refreshedTokens } from './grants.js';

/** A grant that was refreshed once. */
export interface Refreshed {
  readonly tokens: Tokens;
  readonly refreshed: Exchange;
}

/** Blocked by refresh-works. */
export async function refreshedGrant(flow: Flow, client: Client): Promise<Refreshed> {
  const tokens = await offlinePublic(flow, client);
  const { exchange: refreshed } = await refreshedTokens(flow, tokens, 'a refresh of a public client');
  const type = refreshed.string('token_type') ?? 'Bearer';
  if (type.toLowerCase() !== 'bearer') {
    throw new NotApplicable(`the tokens are bound to their sender (token_type ${type})`);
  }
  return { tokens, refreshed };
}

/** @returns the token that took the place of the old one; NotApplicable where none did */
export function successorOf({ tokens, refreshed }: Refreshed): string {
  const successor = refreshed.string('refresh_token');
  if (successor !== null && successor !== tokens.refresh_token) return successor;
  throw new NotApplicable(`the refresh token is not replaced at use (${whatCame(refreshed)})`);
}

async function offlinePublic(flow: Flow, client: Client): Promise<Tokens> {
  const tokens = await refreshableTokens(flow, { client });
  if (tokens !== null) return tokens;
  throw new NotApplicable('the server issues no refresh token to public clients');
}

/** A public client of the check's own, as the server may revoke its grants. */
export async function ownPublic(flow: Flow): Promise<Client> {
  const client = await flow.expendableClient({ token_endpoint_auth_method: 'none' });
  if (client.token_endpoint_auth_method === 'none') return client;
  throw new NotTested('the server registered a confidential client where a public one was asked for');
}
