/** Revocations: whether the endpoint works, and whether a refresh token has ended. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { type Refreshable, refreshWhenKnown, tokensWithRefreshIfAny } from './tokens.js';

/** @returns whether the server says that it does not revoke this kind of token (RFC 7009 section 2.2.1) */
export function isUnsupportedTokenType(exchange: Exchange): boolean {
  return exchange.status === 400 && exchange.string('error') === 'unsupported_token_type';
}

/** Whether the server says that it handles no tokens of the form of a JWT. */
export function isUnsupportedJwt(token: string, exchange: Exchange): boolean {
  return token.includes('.') && isUnsupportedTokenType(exchange);
}

/** NotApplicable if the server says that it does not revoke access tokens. */
export function demandRevocationSupported(exchange: Exchange): void {
  if (!isUnsupportedTokenType(exchange)) return;
  throw new NotApplicable('The server does not revoke access tokens (unsupported_token_type).');
}

/** The answer to the client of the access token is 200. NotApplicable if the server does not revoke such tokens. */
export function judgeAccessTokenRevoked(expect: Expect, exchange: Exchange): void {
  demandRevocationSupported(exchange);
  expect.status(exchange, 200, 'the revocation of an access token by its client');
}

/**
 * A server error says nothing about the request if the endpoint always fails: a plain revocation of a token of the same
 * client shows that. Blocked by revoke-refresh-token.
 */
export async function demandEndpointRevokes(flow: Flow, exchange: Exchange, client: Client): Promise<void> {
  if (exchange.status < 500) return;
  const tokens = await tokensWithRefreshIfAny(flow, { client });
  const plain = await flow.revoke(tokens.refresh_token ?? tokens.access_token, {
    auth: { client },
    note: 'the control: a plain revocation',
  });
  if (plain.status >= 500)
    throw new Blocked('refreshTokenRevocation', `A plain revocation was answered with ${plain.status}.`);
}

/** The refresh token no longer works. */
export async function judgeRefreshEnded(flow: Flow, expect: Expect, token: Refreshable): Promise<void> {
  expect.invalidGrant(
    await flow.refresh(token, { note: 'the refresh token after its revocation' }),
    'a refresh token that was revoked',
  );
}

/** Another grant still refreshes, so the refusal has no other cause. NotTested if not. */
export async function demandParallelRefreshes(flow: Flow, parallel: Refreshable): Promise<void> {
  const exchange = await refreshWhenKnown(flow, parallel, {
    note: 'a parallel grant that was not revoked',
  });
  if (hasTokens(exchange)) return;
  throw new NotTested(
    `Another grant, which was not revoked, does not refresh either (${describeExchange(exchange)}), so the refusal may have another cause.`,
  );
}
