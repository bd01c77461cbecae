/** Whose refresh token it is: the client's that it was issued to, and that has to prove it. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { AuthMethod } from '../../fixtures/target/settings.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  basicClientBeside,
  demandSecret,
  listSecretMethods,
  ownPublicClient,
  publicClientIfOffered,
} from '../steps/clients.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { isNotTested, isUnavailable, nullOn } from '../steps/signals.js';
import {
  type Refreshable,
  refreshedTokens,
  refreshedTwice,
  tokensWithRefresh,
  tokensWithRefreshOrNull,
} from '../steps/tokens.js';
import { REFUSED_IN_BODY } from '../steps/wrong-secrets.js';

export const clientAuth = requirement({
  id: 'refresh-client-auth',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '3.2.1')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A confidential client has to authenticate at a refresh.',
  how:
    "For each secret-based method that the server offers, refreshes with the client's authentication " +
    '(200). Then sends no credentials, client_id alone, an empty client_secret (400 or 401, invalid_client ' +
    'or invalid_request) and a wrong secret of the same length (invalid_client; 401 in the header, 400 or ' +
    '401 in the body). Expects no tokens. Afterward the right secret works, on a fresh grant if necessary.',
  hint: 'Authenticate the client for grant_type=refresh_token the same way as for authorization_code.',
  serial: true,
  async check(context) {
    const methods = listSecretMethods(context.flow);
    for (const method of methods.length === 0 ? [null] : methods) await judgeMethod(context, method, methods);
  },
});

async function judgeMethod(
  { flow, expect, alter, remark }: CheckContext,
  method: AuthMethod | null,
  methods: readonly AuthMethod[],
): Promise<void> {
  const body = method === null ? {} : { token_endpoint_auth_method: method };
  // Where registration is closed, one client of the target file is enough.
  const own = await nullOn(isNotTested, () => flow.disposableClient(body));
  if (own === null && method !== methods.at(-1)) return;
  const client = own ?? (await flow.disposableClient());
  const wrong = alter(demandSecret(client), 'random');
  const byHeader = client.token_endpoint_auth_method === 'client_secret_basic';
  if (byHeader) await exchangeFreshCode(flow, { client }, 'basicAuthentication');
  const grant = await tokensWithRefresh(flow, { client });
  const tokens = await refreshedTwice(flow, grant, 'a refresh with the right secret');
  const bare = { status: REFUSED_IN_BODY, error: ['invalid_client', 'invalid_request'] };
  const attempts = [
    { auth: null, what: 'a refresh without any credentials', refusal: bare },
    {
      auth: { client, method: 'none' as const },
      what: 'a refresh by a confidential client that sends its client_id alone',
      refusal: bare,
    },
    {
      auth: { client, method: 'client_secret_post' as const, secret: '' },
      what: 'a refresh with an empty client_secret',
      refusal: bare,
    },
    {
      auth: { client, secret: wrong },
      what: 'a refresh with a wrong secret',
      refusal: { status: byHeader ? [401] : REFUSED_IN_BODY, error: 'invalid_client' },
    },
  ];
  for (const { auth, what, refusal } of attempts)
    expect.refused(await flow.refresh(tokens, { auth, note: what }), { ...refusal, what });
  const after = await flow.refresh(tokens, { note: 'the right secret afterward' });
  if (hasTokens(after)) return;
  remark(`After refreshes with a wrong secret, the right one gave ${describeExchange(after)}.`);
  await refreshedTokens(flow, await tokensWithRefresh(flow, { client }), 'a refresh of a fresh grant');
}

export const clientBound = requirement({
  id: 'refresh-client-bound',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '10.4')],
  needs: ['client', 'user', 'refresh', 'second-client'],
  statement: 'A refresh token works only for its own client.',
  how:
    "Two clients each refresh their own grant (200). Then sends the first one's refresh token with the " +
    "second one's valid credentials and, if the server offers that, from a public client. Expects 400, " +
    "invalid_grant and no tokens. A client that authenticates in the header sends it with the first one's " +
    'client_id in the body: expects no tokens and a status from 400 to 499. Afterward the first, or a ' +
    "fresh grant of it, still refreshes. The same for a public client's refresh token and the second " +
    'client.',
  hint: 'Compare the authenticated client with the one stored with the refresh token.',
  serial: true,
  async check(context) {
    const { flow, expect } = context;
    const owner = await flow.disposableClient({}, { except: 'second' });
    const other = await flow.client('second');
    const open = await publicClientIfOffered(context);
    await refreshedTokens(
      flow,
      await tokensWithRefresh(flow, { client: other }),
      'a refresh of the second client',
    );
    const foreign = 'a refresh token that was issued to another client';
    const refuse = async (tokens: Refreshable, client: Client, what: string) =>
      expect.invalidGrant(await flow.refresh(tokens, { auth: { client }, note: what }), what);
    await withRefreshToken(context, owner, (tokens) => refuse(tokens, other, foreign));
    if (open !== null) {
      const what = 'a refresh token of a confidential client, sent by a public one,';
      await withRefreshToken(context, owner, (tokens) => refuse(tokens, open, what));
    }
    const named = await basicClientBeside(flow, owner);
    if (named !== null) {
      const what = 'a refresh token of the client named in the body, sent by the client in the header,';
      await withRefreshToken(context, owner, async (tokens) => {
        const params = { client_id: owner.client_id };
        const exchange = await flow.refresh(tokens, { auth: { client: named }, params, note: what });
        expect.noTokens(exchange, what);
        expect.clientError(exchange, `The token endpoint did not refuse ${what.replace(/,$/, '')}.`);
      });
    }
    const mine = open === null ? null : await nullOn(isUnavailable, () => ownPublicClient(flow));
    if (mine === null || (await tokensWithRefreshOrNull(flow, { client: mine })) === null) return;
    const what = 'a refresh token of a public client, sent by a confidential one,';
    await withRefreshToken(context, mine, (tokens) => refuse(tokens, other, what));
  },
});

/** A refresh token that works is tried in another way, and its client can still refresh afterward. */
async function withRefreshToken(
  { flow, remark }: CheckContext,
  client: Client,
  attempt: (tokens: Refreshable) => Promise<void>,
): Promise<void> {
  const grant = await tokensWithRefresh(flow, { client });
  const tokens = await refreshedTwice(flow, grant, 'a refresh of the first client');
  await attempt(tokens);
  if (hasTokens(await flow.refresh(tokens, { note: 'its own client afterward' }))) return;
  remark('The server ended the grant after its refresh token was sent by another client.');
  await refreshedTokens(flow, await tokensWithRefresh(flow, { client }), 'a refresh of a fresh grant');
}
