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
    "Gets two grants and refreshes one at once (200). When the target file's lifetime and five more " +
    'seconds have passed for the unused refresh token and for the refreshed one, sends both. Expects 400 ' +
    "and invalid_grant. A fresh grant still refreshes. Not applicable if refresh tokens don't expire " +
    '(lifetimes.refreshToken is null).',
  hint: 'Store the time of issue with the refresh token, and compare it when the token comes.',
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
  statement: 'After the access token expires, the refresh token still gets a new one that works.',
  how:
    "Lets expires_in and five more seconds pass for a grant's tokens: a protected endpoint refuses the " +
    'access token. Expects 200 for the refresh, and the endpoint accepts the new access token. If it ' +
    "doesn't, a refresh in time has to give one that it accepts.",
  hint: 'Give refresh tokens their own lifetime, longer than that of access tokens.',
  waits: true,
  async check({ flow, expect, time, target, remark }) {
    const { tokens } = await acceptedToken(flow, 'protected', { offline: true });
    const lifetime = accessTokenLifetime(tokens, target);
    const refreshLifetime = target.settings.lifetimes?.refreshToken;
    if (typeof refreshLifetime === 'number' && refreshLifetime <= lifetime + LATE_SECONDS)
      throw new NotApplicable('In the target file, refresh tokens do not live longer than access tokens.');
    const both = [tokens.access_token, tokens.refresh_token ?? ''];
    await time.advance(lifetime + LATE_SECONDS, both, 'the tokens of the grant');
    const late = await flow.callApi('protected', tokens.access_token, { note: 'the expired access token' });
    // api-expired-token judges whether it is refused.
    if (late.status === 200) remark('The access token is still accepted after its lifetime.');
    const note = 'a refresh after the access token has expired';
    const response = await refreshWhenKnown(flow, tokens, { note });
    expect.issuedTokens(response, 'After the access token expired, the refresh token got no new one.');
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
