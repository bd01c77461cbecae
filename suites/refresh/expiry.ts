import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedToken } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { accessTokenLifetime, LATE_SECONDS } from '../steps/lifetimes.js';
import { refreshedTokens, refreshWhenKnown, tokensWithRefresh } from '../steps/tokens.js';

export const expired = requirement({
  id: 'refresh-expired',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '6')],
  needs: ['client', 'user', 'refresh'],
  statement: 'An expired refresh token is refused.',
  how:
    'Two grants. One stays unused; the other is refreshed at once, which gives tokens. When the lifetime of the target ' +
    'file and five seconds have passed for the refresh token of the first, and for the one that the second has by then, ' +
    'each gives 400 invalid_grant. A fresh grant then refreshes. Where refresh tokens do not expire ' +
    '(lifetimes.refreshToken is null), there is nothing to judge.',
  hint: 'Keep the time of issue with the refresh token, and compare it when the token comes.',
  waits: true,
  async check({ flow, expect, time, target }) {
    const lifetime = target.settings.lifetimes?.refreshToken;
    if (lifetime === null) throw new NotApplicable('Refresh tokens of this server do not expire.');
    if (lifetime === undefined) {
      throw new NotTested(
        'The lifetime of refresh tokens is not known: add lifetimes.refreshToken to the target file, null where they do not expire.',
      );
    }
    const old = await tokensWithRefresh(flow);
    const newer = await refreshedTokens(flow, await tokensWithRefresh(flow), 'a refresh in time');
    const values = [old, newer].map(({ refresh_token }) => refresh_token ?? '');
    await time.advance(lifetime + LATE_SECONDS, values, 'the refresh tokens');
    expect.invalidGrant(await flow.refresh(old, { note: 'after its lifetime' }), 'an expired refresh token');
    const late = await flow.refresh(newer, { note: 'the token of a refresh after its lifetime' });
    expect.invalidGrant(late, 'an expired refresh token that a refresh gave');
    await refreshedTokens(flow, await tokensWithRefresh(flow), 'a refresh of a fresh grant');
  },
});

export const afterExpiry = requirement({
  id: 'refresh-after-expiry',
  level: 'MUST',
  levelReason:
    "No keyword: section 1.5 defines refresh tokens this way, and Polar's documentation promises it.",
  profile: 'oauth',
  clauses: [rfc(6749, '1.5'), polarDocs('Exchange the authorization code')],
  needs: ['client', 'user', 'refresh', 'protected-endpoint'],
  statement: 'When the access token has expired, the refresh token still gives a new one that works.',
  how:
    'expires_in of the token response and five seconds pass for the tokens of a grant: a protected endpoint refuses the ' +
    'access token. The refresh then gives 200, and the endpoint accepts the new access token. If it does not, a refresh ' +
    'in time has to give one that it accepts.',
  hint: 'Give refresh tokens a lifetime of their own, longer than that of access tokens.',
  waits: true,
  async check({ flow, expect, time, target, remark }) {
    const { tokens } = await acceptedToken(flow, 'protected', { offline: true });
    const lifetime = accessTokenLifetime(tokens, target);
    const refreshLifetime = target.settings.lifetimes?.refreshToken;
    if (typeof refreshLifetime === 'number' && refreshLifetime <= lifetime + LATE_SECONDS)
      throw new NotApplicable('By the target file refresh tokens do not live longer than access tokens.');
    const both = [tokens.access_token, tokens.refresh_token ?? ''];
    await time.advance(lifetime + LATE_SECONDS, both, 'the tokens of the grant');
    const late = await flow.callApi('protected', tokens.access_token, { note: 'the expired access token' });
    // Whether it is refused is the matter of api-expired-token.
    if (late.status === 200) remark('The access token is still accepted after its lifetime.');
    const note = 'a refresh after the access token has expired';
    const response = await refreshWhenKnown(flow, tokens, { note });
    expect.issuedTokens(response, 'When the access token has expired, the refresh token gives no new one.');
    const renewed = await callWithNewToken(flow, response, 'the new access token');
    if (renewed.status !== 200) await requireRefreshInTime(flow);
    expect.status(renewed, 200, 'the access token that a late refresh gave');
  },
});

function callWithNewToken(flow: Flow, response: Exchange, note: string): Promise<Exchange> {
  return useFresh(() => flow.callApi('protected', response.string('access_token'), { note }));
}

/** The control: a refresh in time gives an access token that works. Blocked by refresh-works if not. */
async function requireRefreshInTime(flow: Flow): Promise<void> {
  const { exchange } = await refreshedTokens(flow, await tokensWithRefresh(flow), 'a refresh in time');
  const answer = await callWithNewToken(flow, exchange, 'the access token of a refresh in time');
  if (answer.status === 200) return;
  throw new Blocked(
    'refresh',
    `The access token of a refresh in time was answered with ${describeExchange(answer)}.`,
  );
}
