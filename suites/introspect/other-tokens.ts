/** Introspection of tokens other than a live access token of the client that asks. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientForEndpoint, ownClientForEndpoint } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { accessTokenLifetime, LATE_SECONDS } from '../steps/lifetimes.js';
import { expectNoStore } from '../steps/no-store.js';
import { refreshedTokens, tokensWithRefresh, tokensWithRefreshIfAny } from '../steps/tokens.js';
import { waitUntil } from '../steps/wait-until.js';
import { demandActive, demandMayIntrospect, describeActive, judgeInactive } from './introspect-token.js';

export const expired = requirement({
  id: 'introspect-expired',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '4'), rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'An expired token is inactive.',
  how:
    'A client introspects its access token: active. When expires_in and five more seconds have passed, ' +
    'introspects it again. Expects 200 and active false; a fresh token is active. The same for a refresh ' +
    'token, if the target file has its lifetime and it was active.',
  hint: 'Compare the time of issue and the lifetime with the clock at every introspection.',
  waits: true,
  async check({ flow, expect, time, target }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const tokens = await flow.tokens({ client });
    await demandActive(flow, tokens.access_token, client, 'the access token in time');
    const seconds = accessTokenLifetime(tokens, target) + LATE_SECONDS;
    await time.advance(seconds, tokens.access_token, 'the access token');
    const after = await flow.introspect(tokens.access_token, {
      auth: { client },
      note: 'after its lifetime',
    });
    judgeInactive(expect, after, 'an expired token');
    await demandActive(flow, (await flow.tokens({ client })).access_token, client, 'a fresh access token');
    const lifetime = target.settings.lifetimes?.refreshToken;
    const { refresh_token } = await tokensWithRefreshIfAny(flow, { client });
    if (typeof lifetime !== 'number' || refresh_token === null) return;
    const ask = (note: string) => flow.introspect(refresh_token, { auth: { client }, note });
    const isKnown = (answer: Exchange) => answer.status !== 200 || answer.object().active !== false;
    const before = await useFresh(() => ask('the refresh token in time'), isKnown);
    if (before.object().active !== true) return;
    await time.advance(lifetime + LATE_SECONDS, refresh_token, 'the refresh token');
    judgeInactive(expect, await ask('the refresh token after its lifetime'), 'an expired refresh token');
  },
});

export const refreshToken = requirement({
  id: 'introspect-refresh-token',
  level: 'SHOULD',
  levelReason: 'Section 2.1 covers refresh tokens, but a server may hide them from the caller (section 4).',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2'), rfc(7662, '2.1')],
  needs: ['introspection', 'client', 'user', 'refresh'],
  statement: 'A live refresh token is active.',
  how:
    'A client introspects its refresh token, with the hint refresh_token. Expects 200 and active true. Not ' +
    'applicable if it gets 400 and unsupported_token_type. Not tested if the client may not introspect.',
  hint: 'Look up the token among refresh tokens too.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { refresh_token, access_token } = await tokensWithRefresh(flow, { client });
    await demandActive(flow, access_token, client, 'the control: the access token of the same grant');
    const params = { token_type_hint: 'refresh_token' };
    const ask = { auth: { client }, params, note: 'a live refresh token' };
    const isKnown = (answer: Exchange) => answer.status !== 200 || answer.object().active !== false;
    const exchange = await useFresh(() => flow.introspect(refresh_token, ask), isKnown);
    demandMayIntrospect(exchange);
    if (exchange.string('error') === 'unsupported_token_type')
      throw new NotApplicable('The server does not introspect refresh tokens.');
    expect.that(
      exchange.status === 200 && exchange.object().active === true,
      'A live refresh token is not reported active.',
      {
        expected: 'status 200, active true',
        received: describeActive(exchange),
        exchange,
      },
    );
  },
});

export const rotated = requirement({
  id: 'introspect-rotated',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2'), rfc(7662, '4')],
  needs: ['introspection', 'client', 'user', 'refresh'],
  statement: 'A replaced refresh token is inactive.',
  how:
    'A client introspects its refresh token: active. A refresh replaces it; introspects the old one again. ' +
    'Expects active false within 5 seconds, unless the old one still refreshes. Not applicable if the ' +
    "token isn't replaced when it's used, or if refresh tokens are never active.",
  hint: 'Make introspection see that a refresh token was used.',
  serial: true,
  async check({ flow, expect, pause, remark }) {
    const client = await ownClientForEndpoint(flow, 'introspection');
    const tokens = await tokensWithRefresh(flow, { client });
    const ask = (note: string) => flow.introspect(tokens.refresh_token, { auth: { client }, note });
    const before = await useFresh(
      () => ask('the refresh token before its use'),
      (answer) => answer.status !== 200 || answer.object().active !== false,
    );
    demandMayIntrospect(before);
    if (before.object().active !== true)
      throw new NotApplicable(`Refresh tokens are not reported active here (${describeActive(before)}).`);
    const { refresh_token } = await refreshedTokens(flow, tokens, 'a refresh');
    if (refresh_token === tokens.refresh_token)
      throw new NotApplicable('The refresh token is not replaced at use.');
    const after = await waitUntil(
      () => ask('the replaced refresh token'),
      (answer) => answer.object().active !== true,
      pause,
    );
    if (after.object().active === true) {
      const reuse = await flow.refresh(tokens, { note: 'the replaced refresh token, used' });
      if (hasTokens(reuse)) return remark('The replaced refresh token still works, so it is rightly active.');
      remark(`The replaced refresh token is refused at the token endpoint (${describeExchange(reuse)}).`);
    }
    judgeInactive(expect, after, 'a refresh token that was replaced');
  },
});

export const otherClient = requirement({
  id: 'introspect-other-client',
  level: 'MUST',
  levelReason:
    'No keyword: client_id is defined as the client that the token was issued to, so any other value is ' +
    'wrong.',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2'), rfc(7662, '4')],
  needs: ['introspection', 'client', 'user', 'second-client'],
  statement: 'Introspection names the client that the token was issued to, whichever client asks.',
  how:
    "A second client, which sees its own token as active, introspects the first client's access token. " +
    "Expects client_id, if the answer has one, to be the first client's. A server may hide the token from " +
    'the second client: active false, 401 or 403 is fine.',
  hint: "Take client_id from the token's record, not from the request.",
  async check({ flow, expect, remark }) {
    const owner = await flow.client('first');
    const other = await flow.client('second');
    if (other.client_secret === null)
      throw new NotTested('The second client has no secret to introspect with.');
    await demandActive(
      flow,
      (await flow.tokens({ client: other })).access_token,
      other,
      'the control: its own token',
    );
    const { access_token } = await flow.tokens({ client: owner });
    const exchange = await flow.introspect(access_token, {
      auth: { client: other },
      note: 'a token of another client',
    });
    const { active, client_id } = exchange.object();
    if (active !== true) return remark(`The second client is told nothing: ${describeActive(exchange)}.`);
    expect.that(
      client_id === undefined || client_id === owner.client_id,
      "Introspection names the client that asks instead of the token's own.",
      {
        expected: `client_id ${owner.client_id}`,
        received: `client_id ${String(client_id)}`,
        exchange,
      },
    );
  },
});

export const noStore = requirement({
  id: 'introspect-no-store',
  level: 'SHOULD',
  levelReason:
    "RFC 7662 doesn't mention caches. RFC 6749 section 5.1 is about any response with sensitive information.",
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(7662, '4')],
  needs: ['introspection', 'client', 'user'],
  statement: "Caches don't store introspection responses.",
  how: 'A client introspects its live access token. Expects Cache-Control with no-store.',
  hint: 'Send Cache-Control: no-store with every introspection response.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token } = await flow.tokens({ client });
    const exchange = await flow.introspect(access_token, { auth: { client }, note: 'a live access token' });
    demandMayIntrospect(exchange);
    if (exchange.status !== 200)
      throw new Blocked('introspection', `A live token was introspected with ${describeActive(exchange)}.`);
    expectNoStore(expect, exchange, 'the introspection of a token');
  },
});
