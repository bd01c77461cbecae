/** The ID Tokens of a server: at an exchange, for a public client, at a refresh. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { AuthorizationOptions, DecodedIdToken, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { exchangedGrants, type Grant, refreshedGrants } from '../steps/grants.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

export interface IssuedIdToken {
  /** The subject of a sentence: 'the ID Token', 'the ID Token of a refresh'. */
  readonly what: string;
  readonly token: DecodedIdToken;
  /** The grant that it belongs to. */
  readonly tokens: TokenSet;
  /** The response in which it came. */
  readonly exchange: Exchange;
}

/** Those of exchanges. Blocked by token-id-token if the first has none. */
export async function exchangedIdTokens(
  flow: Flow,
  options?: AuthorizationOptions,
): Promise<readonly IssuedIdToken[]> {
  return decodeEach(flow, await exchangedGrants(flow, options));
}

/** The same and, if it brings one, that of a refresh, whose other rules the chapter refresh judges. */
export async function issuedIdTokens(
  flow: Flow,
  options?: AuthorizationOptions,
): Promise<readonly IssuedIdToken[]> {
  return decodeEach(flow, await refreshedGrants(flow, options));
}

/** Only the first has to have an ID Token that can be parsed. */
async function decodeEach(flow: Flow, grants: readonly Grant[]): Promise<readonly IssuedIdToken[]> {
  const issued: IssuedIdToken[] = [];
  for (const { whose, tokens } of grants) {
    const isOptional = (signal: unknown) => whose !== '' && isUnavailable(signal);
    const token = await nullOn(isOptional, () => flow.decodeIdToken(tokens));
    const { exchange } = tokens;
    if (token !== null) issued.push({ what: `the ID Token${whose}`, token, tokens, exchange });
  }
  return issued;
}
