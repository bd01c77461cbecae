/** Tokens that a check needs: with a refresh token where there is one, and refreshed. */
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
import { isBlockedBy, nullOn } from './signals.js';

/** @returns tokens with a refresh token, or null where the server issues none (RFC 6749 section 1.5 leaves it to it) */
export function tokensWithRefreshOrNull(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<TokenSet | null> {
  return nullOn(isBlockedBy('refresh'), () => flow.tokens({ ...options, offline: true }));
}

/** @returns tokens by a fresh code, with a refresh token where the server gives one */
export async function tokensWithRefreshIfAny(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<TokenSet> {
  const refreshes = flow.supportedValues('grant_types_supported')?.includes('refresh_token') ?? false;
  const tokens = refreshes ? await tokensWithRefreshOrNull(flow, options) : null;
  return tokens ?? flow.tokens(options);
}

/** Tokens with a refresh token. Without one there is nothing to judge: issuing it is left to the server (RFC 6749 section 1.5). */
export async function tokensWithRefresh(flow: Flow, options: AuthorizationOptions = {}): Promise<TokenSet> {
  const tokens = await tokensWithRefreshOrNull(flow, options);
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

/**
 * The token responses of one grant: of the exchange and, where that works, of a refresh. A refresh that
 * fails is the matter of refresh-works and left out here.
 */
export async function tokenResponses(
  flow: Flow,
  remark: (text: string) => void,
): Promise<readonly { readonly what: string; readonly exchange: Exchange }[]> {
  const tokens = await tokensWithRefreshIfAny(flow);
  const first = { what: 'the response to the exchange', exchange: tokens.exchange };
  if (tokens.refresh_token === null) {
    remark('The server issued no refresh token, so only the exchange was looked at.');
    return [first];
  }
  const refreshed = await flow.refresh(tokens, { note: 'a refresh' });
  if (!hasTokens(refreshed)) {
    remark(
      `The refresh gave no tokens (${describeExchange(refreshed)}), so only the exchange was looked at.`,
    );
    return [first];
  }
  return [first, { what: 'the response to the refresh', exchange: refreshed }];
}
