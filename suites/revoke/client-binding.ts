/** Who may revoke: the client that the token was issued to, after it has shown who it is. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import type { CheckContext } from '../requirement.js';
import { requirement } from '../requirement.js';
import {
  basicClientBeside,
  demandSecret,
  ownClientForEndpoint,
  publicClientIfOffered,
} from '../steps/clients.js';
import { makeUnknownToken } from '../steps/made-up-tokens.js';
import { demandEndpointRevokes, isUnsupportedTokenType } from '../steps/revocation.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';
import {
  demandWorks,
  issueToken,
  type UsableToken,
  usableAccessToken,
  usableRefreshToken,
} from './usable-token.js';

export const clientAuth = requirement({
  id: 'revoke-client-auth',
  level: 'MUST',
  levelReason:
    'No keyword: "If this validation fails, the request is refused". Otherwise anyone with a leaked token ' +
    'could sign its user out.',
  profile: 'oauth',
  clauses: [rfc(7009, '2.1'), rfc(6749, '2.3')],
  needs: ['revocation', 'client', 'user'],
  statement: 'A confidential client has to authenticate to revoke a token.',
  how:
    'Posts a refresh token, or an access token if there is none, to the revocation endpoint with no ' +
    'credentials, with client_id alone, with an empty client_secret (400 or 401, invalid_client or ' +
    'invalid_request) and with a wrong secret of the same length (invalid_client; 401 in the header, 400 ' +
    'or 401 in the body). Expects the token to work after each. Then, with the right secret, expects 200 ' +
    'and a token that no longer works. ' +
    'An unknown client is refused in the same way as a wrong secret.',
  hint: 'Authenticate the client as the token endpoint does, before you look up the token.',
  serial: true,
  async check(context) {
    const { flow, expect, alter } = context;
    const client = await ownClientForEndpoint(flow, 'revocation');
    const wrong = alter(demandSecret(client), 'random');
    let token = await demandWorks(await issueToken(flow, client));
    const bare = { status: [400, 401], error: ['invalid_client', 'invalid_request'] };
    const byHeader = client.token_endpoint_auth_method === 'client_secret_basic';
    const attempts = [
      { auth: null, what: 'a revocation without any credentials', refusal: bare },
      {
        auth: { client, method: 'none' as const },
        what: 'a revocation by a confidential client that sends its client_id alone',
        refusal: bare,
      },
      {
        auth: { client, method: 'client_secret_post' as const, secret: '' },
        what: 'a revocation with an empty client_secret',
        refusal: bare,
      },
      {
        auth: { client, secret: wrong },
        what: 'a revocation with a wrong secret',
        refusal: { status: byHeader ? 401 : [400, 401], error: 'invalid_client' },
      },
      {
        auth: {
          client: {
            ...client,
            client_id: alter(client.client_id, 'random'),
            token_endpoint_auth_method: 'client_secret_post' as const,
          },
          secret: wrong,
        },
        what: 'a revocation by an unknown client',
        refusal: { status: [400, 401], error: 'invalid_client' },
      },
    ];
    for (const { auth, what, refusal } of attempts) {
      const refused = await flow.revoke(token.value, { auth, note: what });
      await demandEndpointRevokes(flow, refused, client);
      expect.refused(refused, { ...refusal, what, formStep: 'revocationAuthentication' });
      token = await judgeStillWorks(context, token, what);
    }
    await demandOwnRevocation(context, token, { client });
  },
});

export const otherClient = requirement({
  id: 'revoke-other-client',
  level: 'MUST',
  levelReason:
    'No keyword: "If this validation fails, the request is refused". Otherwise one application could sign ' +
    "out another's users.",
  profile: 'oauth',
  clauses: [rfc(7009, '2.1')],
  needs: ['revocation', 'client', 'user', 'second-client', 'userinfo'],
  statement: "A client can't revoke another client's tokens.",
  how:
    'The first client has an access token and, in another grant, a refresh token; both work. The second ' +
    "client, which gets 200 for a random token, posts them; so do a public client, if it's admitted, and a " +
    "client that authenticates in the header with the first one's client_id in the body. Expects 200 or a " +
    'status from 400 to 499, and both tokens still work. Then the first client revokes them itself.',
  hint: 'Compare the authenticated client with the one that the token was issued to.',
  serial: true,
  async check(context) {
    const { flow } = context;
    const owner = await ownClientForEndpoint(flow, 'revocation', 'second');
    const second = { what: 'another client', auth: { client: await flow.client('second') }, params: {} };
    const control = await letIn(flow, second);
    if (control.status !== 200)
      throw new NotTested(
        `The revocation endpoint does not admit the second client (${describeExchange(control)}).`,
      );
    await judgeForeign(context, owner, second);
    const open = await publicClientIfOffered(context);
    const other = open === null ? null : { what: 'a public client', auth: { client: open }, params: {} };
    if (other !== null && (await letIn(flow, other)).status === 200)
      await judgeForeign(context, owner, other);
    const named = await basicClientBeside(flow, owner);
    if (named === null) return;
    const what = 'another client that names the owner in the body';
    await judgeForeign(context, owner, {
      what,
      auth: { client: named },
      params: { client_id: owner.client_id },
    });
  },
});

/** Who posts a token that belongs to somebody else, and how. */
interface Stranger {
  readonly what: string;
  readonly auth: { readonly client: Client };
  readonly params: Readonly<Record<string, string>>;
}

function letIn(flow: Flow, { what, auth }: Stranger): Promise<Exchange> {
  return flow.revoke(makeUnknownToken(), { auth, note: `the control: ${what} is admitted` });
}

/** An access token, and a refresh token where there is one, outlive what the stranger does. */
async function judgeForeign(context: CheckContext, owner: Client, stranger: Stranger): Promise<void> {
  const { flow } = context;
  const { access_token } = await flow.tokens({ client: owner });
  await judgeUnharmed(context, usableAccessToken(flow, access_token), owner, stranger);
  const { refresh_token } = await tokensWithRefreshIfAny(flow, { client: owner });
  if (refresh_token !== null)
    await judgeUnharmed(context, usableRefreshToken(flow, { refresh_token, client: owner }), owner, stranger);
}

async function judgeUnharmed(
  context: CheckContext,
  fresh: UsableToken,
  owner: Client,
  { what: who, auth, params }: Stranger,
): Promise<void> {
  const { flow, expect, remark } = context;
  const token = await demandWorks(fresh);
  const what = `the revocation of ${token.what === 'access token' ? 'an' : 'a'} ${token.what} by ${who}`;
  const answer = await flow.revoke(token.value, { auth, params, note: what });
  if (answer.status !== 200)
    expect.clientError(answer, `The answer to ${what} is neither 200 nor a refusal.`);
  remark(`The answer to ${what}: ${answer.status === 200 ? '200' : describeExchange(answer)}.`);
  await demandOwnRevocation(context, await judgeStillWorks(context, token, what), { client: owner });
}

async function judgeStillWorks(
  { expect }: CheckContext,
  token: UsableToken,
  after: string,
): Promise<UsableToken> {
  const used = await token.use(`its use after ${after}`);
  if ('next' in used) return used.next;
  expect.that(false, `The ${token.what} no longer works after ${after}.`, {
    expected: `the ${token.what} works as before`,
    received: describeExchange(used.refusal),
  });
  return token;
}

/** Without this the token may have outlived what came before since nothing is ever revoked. */
async function demandOwnRevocation(
  { flow, remark, pause }: CheckContext,
  token: UsableToken,
  auth: { readonly client: Client },
): Promise<void> {
  const own = await flow.revoke(token.value, { auth, note: 'its own client, authenticated' });
  if (token.what === 'access token' && isUnsupportedTokenType(own)) {
    remark('The server does not revoke access tokens.');
    return;
  }
  if (own.status !== 200 || !(await token.hasEnded(pause))) {
    throw new Blocked(
      token.revocation,
      `The revocation of the ${token.what} by its own client had no effect.`,
    );
  }
}
