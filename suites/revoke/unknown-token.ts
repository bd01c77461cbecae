/** Revocations that have nothing to end: the purpose is reached already, so they are not errors. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { clientForEndpoint, ownClientForEndpoint } from '../steps/clients.js';
import { accessTokenLifetime, LATE_SECONDS } from '../steps/lifetimes.js';
import { makeUnknownJwt, makeUnknownToken } from '../steps/made-up-tokens.js';
import { demandEndpointRevokes, isUnsupportedJwt, isUnsupportedTokenType } from '../steps/revocation.js';
import { isNotTested, isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens, tokensWithRefreshIfAny } from '../steps/tokens.js';

export const unknownToken = requirement({
  id: 'revoke-unknown-token',
  level: 'MUST',
  levelReason:
    'No keyword: section 2.2 says "responds with 200 … if the client submitted an invalid token". A client ' +
    "couldn't handle an error.",
  profile: 'oauth',
  clauses: [rfc(7009, '2.2')],
  needs: ['revocation', 'client'],
  statement: "Revoking an unknown token isn't an error.",
  how:
    'An authenticated client posts a random value of the usual length to the revocation endpoint, with no ' +
    'hint and with each hint, and a JWT. Expects 200. A server that revokes no JWTs may say so (400 ' +
    "unsupported_token_type). Not tested if the client isn't admitted (401, 403 or invalid_client). " +
    'Accept: */* gets the same.',
  hint: "Answer a token that isn't found, or can't be read, like one that was just revoked.",
  async check({ flow, expect, remark }) {
    const client = await clientForEndpoint(flow, 'revocation');
    for (const { token, hint, what, ...sent } of [
      { token: makeUnknownToken(), hint: null, what: 'an unknown token' },
      {
        token: makeUnknownToken(),
        hint: null,
        what: 'an unknown token, with Accept: */*,',
        headers: { accept: '*/*' },
      },
      { token: makeUnknownToken(), hint: 'access_token', what: 'an unknown token, hinted as access token,' },
      {
        token: makeUnknownToken(),
        hint: 'refresh_token',
        what: 'an unknown token, hinted as refresh token,',
      },
      { token: makeUnknownJwt(), hint: null, what: 'an unknown token that looks like a JWT' },
    ]) {
      const params = { token_type_hint: hint };
      const exchange = await flow.revoke(token, { auth: { client }, params, ...sent, note: what });
      if (isUnsupportedJwt(token, exchange)) {
        remark('The server revokes no JWTs (unsupported_token_type).');
        continue;
      }
      await demandEndpointRevokes(flow, exchange, client);
      judgeNothingToRevoke(expect, exchange, `the revocation of ${what}`);
    }
  },
});

export const tokenMissing = requirement({
  id: 'revoke-token-missing',
  level: 'SHOULD',
  levelReason: 'Section 2.2.1 uses the errors of RFC 6749 section 5.2, with no keyword.',
  profile: 'oauth',
  clauses: [rfc(7009, '2.2.1'), rfc(7009, '2.1'), rfc(6749, '5.2')],
  needs: ['revocation', 'client'],
  statement: 'A revocation with no token is an invalid request.',
  how:
    'An authenticated client posts a random token (200). Then posts no token, and an empty one. Expects ' +
    '400 and invalid_request, as JSON.',
  hint: 'Answer a revocation with no token with 400 and invalid_request.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'revocation');
    const control = await flow.revoke(makeUnknownToken(), { auth: { client }, note: 'an unknown token' });
    if (control.status !== 200)
      throw new NotTested(`An unknown token was answered with ${describeExchange(control)}.`);
    for (const [token, what] of [
      [null, 'a revocation without a token'],
      ['', 'a revocation with an empty token'],
    ] as const) {
      const exchange = await flow.revoke(token, { auth: { client }, note: what });
      const { error } = expect.jsonObject(exchange, what, 400);
      expect.same(
        error,
        'invalid_request',
        `The error in the answer to ${what} is not invalid_request.`,
        exchange,
      );
    }
  },
});

export const revokedToken = requirement({
  id: 'revoke-revoked-token',
  level: 'MUST',
  levelReason:
    'No keyword: section 2.2 says "responds with 200 … if the client submitted an invalid token". A client ' +
    "couldn't handle an error.",
  profile: 'oauth',
  clauses: [rfc(7009, '2.2')],
  needs: ['revocation', 'client', 'user'],
  statement: "Revoking a token again isn't an error.",
  how:
    'A client posts its refresh token, or an access token if there is none, to the revocation endpoint ' +
    'twice. Expects 200 both times. Not applicable if the server issues only access tokens and answers 400 ' +
    'and unsupported_token_type. ' +
    'The same for a replaced refresh token and, if the target can make one older or the wait is allowed, ' +
    'for an expired access token.',
  hint: 'Answer a revoked token like one that was just revoked.',
  serial: true,
  waits: true,
  async check(context) {
    const { flow } = context;
    const client = await ownClientForEndpoint(flow, 'revocation');
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    if (tokens.refresh_token !== null)
      await judgeRevokedTwice(context, client, tokens.refresh_token, 'refresh token');
    const { access_token } = tokens.refresh_token === null ? tokens : await flow.tokens({ client });
    if (!(await judgeRevokedTwice(context, client, access_token, 'access token'))) {
      if (tokens.refresh_token === null)
        throw new NotApplicable('The server issues no refresh token, and does not revoke access tokens.');
    } else await judgeExpired(context, client);
    if (tokens.refresh_token !== null) await judgeReplaced(context, client);
  },
});

/** @returns false, and judges nothing, if the server says that it doesn't revoke such tokens */
async function judgeRevokedTwice(
  { flow, expect }: CheckContext,
  client: Client,
  token: string,
  kind: 'access token' | 'refresh token',
): Promise<boolean> {
  const first = await flow.revoke(token, { auth: { client }, note: `the first revocation of the ${kind}` });
  if (kind === 'access token' && isUnsupportedTokenType(first)) return false;
  if (first.status !== 200) {
    const step = kind === 'access token' ? 'accessTokenRevocation' : 'refreshTokenRevocation';
    throw new Blocked(step, `The revocation was answered with ${describeExchange(first)}.`);
  }
  const second = await flow.revoke(token, { auth: { client }, note: 'the same once more' });
  const what = `the revocation of ${kind === 'access token' ? 'an' : 'a'} ${kind} that is revoked already`;
  judgeNothingToRevoke(expect, second, what);
  return true;
}

async function judgeExpired(
  { flow, expect, time, target, remark }: CheckContext,
  client: Client,
): Promise<void> {
  const tokens = await flow.tokens({ client });
  const seconds = accessTokenLifetime(tokens, target) + LATE_SECONDS;
  const isOlder = await nullOn(isNotTested, async () => {
    await time.advance(seconds, tokens.access_token, 'the access token');
    return true;
  });
  if (isOlder === null) return remark('No expired token was looked at, as none could expire.');
  const what = 'the revocation of an expired access token';
  judgeNothingToRevoke(
    expect,
    await flow.revoke(tokens.access_token, { auth: { client }, note: what }),
    what,
  );
}

/** A refresh token that another one has replaced is one that is no longer good, too. */
async function judgeReplaced({ flow, expect }: CheckContext, client: Client): Promise<void> {
  const tokens = await tokensWithRefreshIfAny(flow, { client });
  if (tokens.refresh_token === null) return;
  const refreshed = await nullOn(isUnavailable, () => refreshedTokens(flow, tokens, 'a refresh'));
  if (refreshed === null || refreshed.refresh_token === tokens.refresh_token) return;
  const what = 'the revocation of a refresh token that was replaced';
  judgeNothingToRevoke(
    expect,
    await flow.revoke(tokens.refresh_token, { auth: { client }, note: what }),
    what,
  );
}

function judgeNothingToRevoke(expect: Expect, exchange: Exchange, what: string): void {
  if ([401, 403].includes(exchange.status) || exchange.string('error') === 'invalid_client') {
    throw new NotTested(`The revocation endpoint does not admit the client (${describeExchange(exchange)}).`);
  }
  expect.status(exchange, 200, what);
}
