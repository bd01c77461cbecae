/** Grants to refresh, and refreshes that have to work before another is judged. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type {
  AuthorizationOptions,
  Client,
  Flow,
  TokenRequestOptions,
  TokenSet,
} from '../../fixtures/flow/types.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { refreshableTokens } from './token-answers.js';

/** Tokens with a refresh token. Without one there is nothing to judge: issuing it is left to the server (RFC 6749 section 1.5). */
export async function tokensWithRefresh(flow: Flow, options: AuthorizationOptions = {}): Promise<TokenSet> {
  const tokens = await refreshableTokens(flow, options);
  if (tokens !== null) return tokens;
  throw new NotTested('the server issued no refresh token, so there was nothing to refresh');
}

/** A refresh token with the client that it was issued to. */
export interface Refreshable {
  readonly refresh_token: string | null;
  readonly client: Client;
}

/** A refresh that worked: the refresh token to use from now on, and the response. */
export interface RefreshedTokens extends Refreshable {
  readonly exchange: Exchange;
}

/**
 * Refreshes tokens, which has to work. Blocked by refresh-works.
 * @param what names the refresh in the evidence and in a sentence: 'a refresh without scope'
 */
export async function refreshedTokens(
  flow: Flow,
  { refresh_token, client }: Refreshable,
  what: string,
  options: TokenRequestOptions = {},
): Promise<RefreshedTokens> {
  const exchange = await flow.refresh({ refresh_token, client }, { note: what, ...options });
  if (!hasTokens(exchange)) {
    throw new Blocked('refresh', `${capitalize(what)} gave no tokens: ${describeExchange(exchange)}.`);
  }
  return { refresh_token: exchange.string('refresh_token') ?? refresh_token, client, exchange };
}
