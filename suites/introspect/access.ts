/** Who may introspect, and that what was revoked is reported so. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import type { CheckContext } from '../requirement.js';
import { requirement } from '../requirement.js';
import {
  clientForEndpoint,
  demandSecret,
  ownClientForEndpoint,
  publicClientIfOffered,
} from '../steps/clients.js';
import { makeUnknownToken } from '../steps/made-up-tokens.js';
import { demandEndpointRevokes, isUnsupportedTokenType } from '../steps/revocation.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';
import { waitUntil } from '../steps/wait-until.js';
import { demandActive, describeActive, judgeInactive } from './introspect-token.js';

export const auth = requirement({
  id: 'introspect-auth',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.1'), rfc(7662, '2.3')],
  needs: ['introspection', 'client', 'user'],
  statement: 'Introspection requires authorization.',
  how:
    'A client introspects its live access token: active. Then asks with no credentials, with client_id ' +
    'alone, with an empty client_secret, with a wrong secret of the same length and, if the server offers ' +
    'that, as a public client. Expects 401 (remarks on 400 and 403) and nothing about the token. The right ' +
    "secret still works. Doesn't judge what a public client learns about its own tokens. " +
    'The same for an unknown client and for a made-up bearer token.',
  hint: 'Authenticate the caller before you look up the token.',
  async check(context) {
    const { flow, expect, alter, remark } = context;
    const client = await clientForEndpoint(flow, 'introspection');
    const wrong = alter(demandSecret(client), 'random');
    const { access_token } = await flow.tokens({ client });
    await demandActive(flow, access_token, client, 'the control request');
    const open = await publicClientIfOffered(context);
    const empty = { client, method: 'client_secret_post' as const, secret: '' };
    const attempts = [
      { token: access_token, sent: null, what: 'introspection without any credentials' },
      {
        token: access_token,
        sent: { client, method: 'none' as const },
        what: 'introspection with a client_id alone',
      },
      { token: access_token, sent: empty, what: 'introspection with an empty client_secret' },
      { token: access_token, sent: { client, secret: wrong }, what: 'introspection with a wrong secret' },
      {
        token: access_token,
        sent: { client: { ...client, client_id: alter(client.client_id, 'random') }, secret: wrong },
        what: 'introspection by an unknown client',
      },
      {
        token: access_token,
        sent: null,
        headers: { authorization: `Bearer ${makeUnknownToken()}` },
        what: 'introspection with a made-up bearer token',
      },
      ...(open === null
        ? []
        : [
            {
              token: access_token,
              sent: { client: open },
              what: 'introspection by a public client',
            },
          ]),
    ];
    for (const { token, sent, what, ...more } of attempts) {
      const exchange = await flow.introspect(token, { auth: sent, ...more, note: what });
      const told = exchange.object();
      expect.that(told.active !== true, `The answer to ${what} says that the token is active.`, {
        expected: 'status 401, and nothing about the token',
        received: describeActive(exchange),
      });
      // A public client has no credentials that could be wrong; what tells it nothing is enough.
      if (sent?.client === open && exchange.status === 200 && told.active === false) continue;
      expect.status(exchange, [401, 400, 403], what);
      if (exchange.status !== 401) remark(`The answer to ${what}: ${describeExchange(exchange)}, not 401.`);
    }
    await demandActive(flow, access_token, client, 'the control request again');
  },
});

export const revoked = requirement({
  id: 'introspect-revoked',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user', 'revocation'],
  statement: 'A revoked token is inactive.',
  how:
    'A client introspects its access token (active), revokes it with no hint (200), and introspects it ' +
    'again. Expects 200 and active false within 5 seconds. The same for a refresh token, if those are ' +
    'active. Not applicable if the server revokes neither (400 unsupported_token_type).',
  hint: 'Make introspection see what the revocation endpoint has ended.',
  serial: true,
  async check(context) {
    const { flow, expect, pause, remark } = context;
    const client = await ownClientForEndpoint(flow, 'introspection');
    const { access_token } = await flow.tokens({ client });
    const { refresh_token } = await tokensWithRefreshIfAny(flow, { client });
    await demandActive(flow, access_token, client, 'the access token before its revocation');
    const ask = (token: string | null, note: string) =>
      flow.introspect(token, { auth: { client }, note: `${note} its revocation` });
    const ended: { readonly token: string; readonly what: string }[] = [];
    if (await isRevoked(context, access_token, client, 'accessTokenRevocation'))
      ended.push({ token: access_token, what: 'a revoked token' });
    if (refresh_token !== null) {
      const { active } = (await ask(refresh_token, 'the refresh token before')).object();
      if (active !== true) remark('Refresh tokens are not reported active, so none was judged.');
      else if (await isRevoked(context, refresh_token, client, 'refreshTokenRevocation'))
        ended.push({ token: refresh_token, what: 'a revoked refresh token' });
    }
    if (ended.length === 0) throw new NotApplicable('The server revokes no token that it introspects.');
    for (const { token, what } of ended) {
      const isOver = (answer: Exchange) => answer.object().active !== true;
      judgeInactive(expect, await waitUntil(() => ask(token, `${what}, after`), isOver, pause), what);
    }
  },
});

/** @returns whether the server has ended the token, false when it says that it does not end such tokens */
async function isRevoked(
  { flow }: CheckContext,
  token: string,
  client: Client,
  step: Step,
): Promise<boolean> {
  const exchange = await flow.revoke(token, { auth: { client }, note: 'the revocation' });
  if (isUnsupportedTokenType(exchange)) return false;
  if (exchange.status === 200) return true;
  await demandEndpointRevokes(flow, exchange, client);
  throw new Blocked(step, `The revocation was answered with ${describeExchange(exchange)}.`);
}
