/** Who may introspect, and that what was revoked is reported so. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import type { CheckContext } from '../requirement.js';
import { requirement } from '../requirement.js';
import { clientForEndpoint, demandSecret, ownClientForEndpoint } from '../steps/clients.js';
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
  statement: 'Introspection needs authorization.',
  how:
    'A live access token is introspected by its client: active. Then without any credentials, with client_id alone ' +
    'and with a wrong secret of the same length. Expected: 401 (400 and 403 pass with a remark), and nothing told of ' +
    'the token. Afterwards the right secret still shows it active.',
  hint: 'Authenticate the caller before the token is looked for.',
  async check({ flow, expect, alter, remark }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const wrong = alter(demandSecret(client), 'random');
    const { access_token } = await flow.tokens({ client });
    await demandActive(flow, access_token, client, 'the control request');
    const attempts = [
      { auth: null, what: 'introspection without any credentials' },
      { auth: { client, method: 'none' as const }, what: 'introspection with a client_id alone' },
      { auth: { client, secret: wrong }, what: 'introspection with a wrong secret' },
    ];
    for (const { auth: sent, what } of attempts) {
      const exchange = await flow.introspect(access_token, { auth: sent, note: what });
      const told = exchange.object();
      expect.that(told.active !== true, `The answer to ${what} tells that the token is active.`, {
        expected: 'status 401, and nothing of the token',
        received: describeActive(exchange),
      });
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
    'An access token is introspected by its client (active), posted to the revocation endpoint without hint (200) ' +
    'and introspected again. Expected: 200 and active false within 5 seconds. Where access tokens are not revoked ' +
    '(400 unsupported_token_type), the refresh token takes its place; not applicable if there is none. The client is ' +
    'the check’s own, as its grant ends.',
  hint: 'Let introspection see what the revocation endpoint has ended.',
  serial: true,
  async check(context) {
    const { flow, expect, pause } = context;
    const client = await ownClientForEndpoint(flow, 'introspection');
    const { access_token, refresh_token } = await tokensWithRefreshIfAny(flow, { client });
    await demandActive(flow, access_token, client, 'the access token before its revocation');
    const token = (await isRevoked(context, access_token, client, 'accessTokenRevocation'))
      ? access_token
      : refresh_token;
    if (token === null)
      throw new NotApplicable('The server does not revoke access tokens, and gives no others.');
    if (token === refresh_token) {
      await demandActive(flow, token, client, 'the refresh token before its revocation');
      if (!(await isRevoked(context, token, client, 'refreshTokenRevocation'))) {
        throw new Blocked('refreshTokenRevocation', 'Refresh tokens are not revoked.');
      }
    }
    const after = await waitUntil(
      () => flow.introspect(token, { auth: { client }, note: 'introspected after the revocation' }),
      (answer) => answer.object().active !== true,
      pause,
    );
    judgeInactive(expect, after, 'a revoked token');
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
