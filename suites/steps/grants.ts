/** The tokens that a server may make by code of their own: at an exchange, for a public client, at a refresh. */
import type { AuthorizationOptions, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isUnavailable, nullOn } from './signals.js';
import { refreshedTokens, tokensWithRefreshIfAny } from './tokens.js';

export interface Grant {
  /** For the end of a noun phrase: '', ' of a refresh' or ' of a public client'. */
  readonly whose: string;
  readonly tokens: TokenSet;
  /** The tokens of the exchange that this grant began with. */
  readonly begun: TokenSet;
}

/** A grant of the shared client and, if it gets one, one of the public client. */
export async function exchangedGrants(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<readonly Grant[]> {
  return withPublicClient(flow, options, await flow.tokens(options));
}

/** The same and, if the server gives a refresh token, what a refresh of the first brings. */
export async function refreshedGrants(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<readonly Grant[]> {
  const grants = await withPublicClient(flow, options, await flow.tokens(options));
  // A grant of its own: a refresh may end the access token that came before.
  const begun = await tokensWithRefreshIfAny(flow, options);
  if (begun.refresh_token === null) return grants;
  // That a refresh works is judged by refresh-works.
  const refreshed = await nullOn(isUnavailable, () => refreshedTokens(flow, begun, 'a refresh'));
  if (refreshed === null) return grants;
  const { exchange, refresh_token } = refreshed;
  const access_token = exchange.string('access_token') ?? '';
  const id_token = exchange.string('id_token');
  const tokens = { ...begun, exchange, access_token, id_token, refresh_token };
  return [...grants, { whose: ' of a refresh', tokens, begun }];
}

async function withPublicClient(
  flow: Flow,
  options: AuthorizationOptions,
  first: TokenSet,
): Promise<readonly Grant[]> {
  const own = await nullOn(isUnavailable, async () => {
    const client = await flow.client('public');
    return flow.tokens({ ...options, client, note: 'a public client' });
  });
  const grants: Grant[] = [{ whose: '', tokens: first, begun: first }];
  return own === null ? grants : [...grants, { whose: ' of a public client', tokens: own, begun: own }];
}
