/** The ID Tokens that a server may make by code of their own: at an exchange, for a public client, at a refresh. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { AuthorizationOptions, DecodedIdToken, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens, tokensWithRefreshIfAny } from '../steps/tokens.js';

export interface IssuedIdToken {
  /** The subject of a sentence: 'the ID Token', 'the ID Token of a refresh'. */
  readonly what: string;
  readonly token: DecodedIdToken;
  /** The grant that it belongs to. */
  readonly tokens: TokenSet;
  /** The response in which it came. */
  readonly exchange: Exchange;
}

/** The ID Token of an exchange by the shared client and, if it gets one, by the public client. Blocked by token-id-token. */
export async function exchangedIdTokens(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<readonly IssuedIdToken[]> {
  return [decode(flow, 'the ID Token', await flow.tokens(options)), ...(await ofPublicClient(flow, options))];
}

/** Those of exchanges and, if it comes with one, that of a refresh, whose other rules the chapter refresh judges. */
export async function issuedIdTokens(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<readonly IssuedIdToken[]> {
  const tokens = await tokensWithRefreshIfAny(flow, options);
  const exchanged = [decode(flow, 'the ID Token', tokens), ...(await ofPublicClient(flow, options))];
  if (tokens.refresh_token === null) return exchanged;
  const refreshed = await nullOn(isUnavailable, async () => {
    const { exchange } = await refreshedTokens(flow, tokens, 'a refresh');
    const id_token = exchange.string('id_token');
    return id_token === null
      ? null
      : decode(flow, 'the ID Token of a refresh', { ...tokens, id_token, exchange });
  });
  return refreshed === null ? exchanged : [...exchanged, refreshed];
}

async function ofPublicClient(flow: Flow, options: AuthorizationOptions): Promise<readonly IssuedIdToken[]> {
  const what = 'the ID Token of a public client';
  const issued = await nullOn(isUnavailable, async () => {
    const client = await flow.client('public');
    return decode(flow, what, await flow.tokens({ ...options, client, note: what }));
  });
  return issued === null ? [] : [issued];
}

function decode(flow: Flow, what: string, tokens: TokenSet): IssuedIdToken {
  return { what, token: flow.decodeIdToken(tokens), tokens, exchange: tokens.exchange };
}
