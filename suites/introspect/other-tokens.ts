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
    'An access token is introspected by its client: active. When expires_in of the token response and five seconds have ' +
    'passed for it, it is introspected again. Expected: 200 and active false. A fresh token is active at that moment. The ' +
    'same for a refresh token, where the target file says how long those live and they are active in time.',
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
  statement: 'A live refresh token is reported active.',
  how:
    'A refresh token is introspected by its client, with the hint refresh_token. Expected: 200 and active true. ' +
    'Not applicable where the answer is 400 unsupported_token_type; not tested where the client may not introspect.',
  hint: 'Look the token up among refresh tokens as well.',
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
      throw new NotApplicable('the server does not introspect refresh tokens');
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
  statement: 'A refresh token that was replaced is inactive.',
  how:
    'A refresh token is introspected by its client: active. A refresh replaces it, and the old one is introspected again. ' +
    'Expected: active false within 5 seconds, unless the old one still refreshes. Not applicable where the token is not ' +
    "replaced at use, or refresh tokens are never active. The client is the check's own, as its grant may end.",
  hint: 'Let introspection see that a refresh token was used.',
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
    'A second client, which sees its own token as active, introspects an access token of the first. Expected: client_id, ' +
    'if the answer has one, is that of the first client. A server may keep the token from the second client: active ' +
    'false, 401 or 403 passes.',
  hint: 'Take client_id from the record of the token, not from the request.',
  async check({ flow, expect, remark }) {
    const owner = await flow.client('first');
    const other = await flow.client('second');
    if (other.client_secret === null)
      throw new NotTested('the second client has no secret to introspect with');
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
      "Introspection names the client that asks in place of the token's own.",
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
  statement: 'What introspection says of a token is not stored by caches.',
  how: 'A live access token is introspected by its client. Cache-Control of the answer has no-store.',
  hint: 'Send Cache-Control: no-store with every answer of the introspection endpoint.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token } = await flow.tokens({ client });
    const exchange = await flow.introspect(access_token, { auth: { client }, note: 'a live access token' });
    demandMayIntrospect(exchange);
    if (exchange.status !== 200)
      throw new Blocked('introspection', `a live token was introspected with ${describeActive(exchange)}`);
    expectNoStore(expect, exchange, 'the introspection of a token');
  },
});
