/** What the checks of revocation do alike: grants to end, and looking whether a token still works. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client, Flow, TokenSet } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { demandRefreshed } from './refresh-grants.js';
import { describeTokenAnswer, hasTokens, tokensWithRefreshIfAny } from './token-answers.js';
import { waitUntil } from './wait-until.js';

type Pause = (milliseconds: number) => Promise<void>;

/** A refresh token with the client that it was issued to. */
export interface RefreshableToken {
  readonly refresh_token: string | null;
  readonly client: Client;
}

/** @returns whether the server says that it does not revoke this kind of token (RFC 7009 section 2.2.1) */
export function isUnsupportedTokenType(exchange: Exchange): boolean {
  return exchange.status === 400 && exchange.string('error') === 'unsupported_token_type';
}

/** 200 to the client of the access token; NotApplicable where such tokens are not revoked. */
export function judgeAccessTokenRevoked(expect: Expect, exchange: Exchange): void {
  if (isUnsupportedTokenType(exchange)) {
    throw new NotApplicable('the server does not revoke access tokens, as it says by unsupported_token_type');
  }
  expect.status(exchange, 200, 'the revocation of an access token by its client');
}

/**
 * A server error says nothing of the request where the endpoint fails as such: the plain revocation of a token of the
 * same client shows it. Blocked by revoke-refresh-token.
 */
export async function demandEndpointRevokes(flow: Flow, exchange: Exchange, client: Client): Promise<void> {
  if (exchange.status < 500) return;
  const tokens = await tokensWithRefreshIfAny(flow, { client });
  const plain = await flow.revoke(tokens.refresh_token ?? tokens.access_token, {
    auth: { client },
    note: 'the control: a plain revocation',
  });
  if (plain.status >= 500)
    throw new Blocked('refreshTokenRevocation', `a plain revocation was answered with ${plain.status}`);
}

/** The refresh token works; @returns the one that takes its place. */
export async function refreshedOnce(
  flow: Flow,
  token: RefreshableToken,
  note: string,
): Promise<RefreshableToken> {
  const twin = await flow.refresh(token, { note });
  demandRefreshed(twin, note);
  return { refresh_token: twin.string('refresh_token') ?? token.refresh_token, client: token.client };
}

/** The refresh token must not work any more. */
export async function judgeRefreshEnded(flow: Flow, expect: Expect, token: RefreshableToken): Promise<void> {
  expect.refused(await flow.refresh(token, { note: 'the refresh token after its revocation' }), {
    status: 400,
    error: 'invalid_grant',
    what: 'a refresh token that was revoked',
  });
}

/** Without this the refusals before may have another cause. */
export async function demandParallel(flow: Flow, parallel: RefreshableToken): Promise<void> {
  const exchange = await flow.refresh(parallel, { note: 'a parallel grant that was not revoked' });
  if (hasTokens(exchange)) return;
  throw new NotTested(
    `a parallel grant that was not revoked does not refresh either (${describeTokenAnswer(exchange)}), so the refusal has another cause`,
  );
}

/** Blocked by userinfo-get when a token does not work that must. */
export async function demandAcceptedAtUserinfo(
  flow: Flow,
  { access_token }: Pick<TokenSet, 'access_token'>,
): Promise<void> {
  const { status } = await flow.userinfo(access_token, 'userinfo before the revocation');
  if (status !== 200) throw new Blocked('userinfo', `userinfo answers a fresh access token with ${status}`);
}

/** @returns the answer of userinfo once it is no longer 200, or the last one after 5 seconds */
export function waitForUserinfoRefusal(flow: Flow, accessToken: string, pause: Pause): Promise<Exchange> {
  return waitUntil(
    () => flow.userinfo(accessToken, 'userinfo after the revocation'),
    ({ status }) => status !== 200,
    pause,
  );
}

/** @returns whether userinfo refused the token, as a client error that is about the token */
export function isRefusedAtUserinfo({ status }: Exchange): boolean {
  if (status === 429) throw new NotTested('userinfo limits requests (status 429)');
  return status >= 400 && status <= 499;
}

/** The token of another grant still works, so that userinfo refuses for the revocation and nothing else. */
export async function demandParallelAtUserinfo(flow: Flow, accessToken: string): Promise<void> {
  const { status } = await flow.userinfo(accessToken, 'the access token of a parallel grant');
  if (status !== 200) {
    throw new NotTested(
      `userinfo then answers the token of a parallel grant with ${status} too, so the refusal has another cause`,
    );
  }
}
