/** Grants of a public client of the check's own, refreshed once. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { refreshedTokens, tokensWithRefreshOrNull } from '../steps/tokens.js';

/** Why a check of reuse shows nothing. A grace period for clients that lost the answer is allowed. */
export const STILL_WORKS =
  'A replaced refresh token still works right after the refresh. Whether it stops is judged by refresh-public-rotation.';

/** A grant that was refreshed once. */
interface RefreshedGrant {
  readonly tokens: TokenSet;
  readonly refreshed: Exchange;
}

/** Blocked by refresh-works. */
export async function refreshedGrant(flow: Flow, client: Client): Promise<RefreshedGrant> {
  const tokens = await publicTokensWithRefresh(flow, client);
  const { exchange: refreshed } = await refreshedTokens(flow, tokens, 'a refresh of a public client');
  const type = refreshed.string('token_type') ?? 'Bearer';
  if (type.toLowerCase() !== 'bearer') {
    throw new NotApplicable(`The tokens are bound to their sender (token_type ${type}).`);
  }
  return { tokens, refreshed };
}

/** @returns the token that took the place of the old one; NotApplicable where none did */
export function demandSuccessor({ tokens, refreshed }: RefreshedGrant): string {
  const successor = refreshed.string('refresh_token');
  if (successor !== null && successor !== tokens.refresh_token) return successor;
  throw new NotApplicable(`The refresh token is not replaced at use (${describeExchange(refreshed)}).`);
}

async function publicTokensWithRefresh(flow: Flow, client: Client): Promise<TokenSet> {
  const tokens = await tokensWithRefreshOrNull(flow, { client });
  if (tokens !== null) return tokens;
  throw new NotApplicable('The server issues no refresh token to public clients.');
}
