/** How a client proves at the token endpoint who it is, and what comes when it can't. */
import { randomUUID } from 'node:crypto';
import { capitalize, describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  clientWithAuthMethod,
  confidentialClients,
  demandAuthMethodSupported,
  demandSecret,
  describeClient,
  endpointsThatAdmit,
  sharedClientIfAny,
  supportsAuthMethod,
} from '../steps/clients.js';
import {
  demandCodeAccepted,
  demandEndpointWorks,
  exchangeFreshCode,
  needsSecret,
} from '../steps/exchange.js';
import { refreshedTwice, tokensWithRefreshIfAny } from '../steps/tokens.js';
import { makeUnsignedAssertion } from '../steps/unsigned-jwts.js';
import {
  expectBasicChallenge,
  expectClientRefused,
  REFUSED_IN_BODY,
  wrongSecrets,
} from '../steps/wrong-secrets.js';

export const authBasic = requirement({
  id: 'token-auth-basic',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '2.3.1'), oidcCore('9')],
  needs: ['client', 'user'],
  statement: 'A client registered for client_secret_basic authenticates with HTTP Basic.',
  how:
    'A client of the method client_secret_basic exchanges a code with Authorization: Basic and no ' +
    "credentials in the body. Expects 200 with tokens. Not applicable if the server doesn't offer the " +
    'method.',
  hint: 'Read client_id and client_secret from the Authorization header, form-decode them, and compare.',
  async check({ flow, expect }) {
    demandAuthMethodSupported(flow, 'client_secret_basic');
    const client = await clientWithAuthMethod(flow, 'client_secret_basic');
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      note: 'authenticated by HTTP Basic',
    });
    await demandEndpointWorks(flow, exchange);
    demandCodeAccepted(exchange);
    expect.issuedTokens(exchange, 'A client that authenticates by HTTP Basic gets no tokens.');
  },
});

export const authPost = requirement({
  id: 'token-auth-post',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Exchange the authorization code'), rfc(6749, '2.3.1')],
  needs: ['client', 'user'],
  statement: 'A client authenticates with client_id and client_secret in the body.',
  how:
    'A client of the method client_secret_post exchanges a code with client_id and client_secret as form ' +
    'fields. Expects 200 with tokens.',
  hint: 'Read client_id and client_secret from the form, as in the documented example.',
  async check({ flow, expect }) {
    const client = await clientWithAuthMethod(flow, 'client_secret_post');
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      note: 'authenticated in the body',
    });
    await demandEndpointWorks(flow, exchange);
    demandCodeAccepted(exchange);
    expect.issuedTokens(exchange, 'A client that authenticates in the body gets no tokens.');
  },
});

export const authBasicWrong = requirement({
  id: 'token-auth-basic-wrong',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(7009, '2.2.1'), rfc(7662, '2.3')],
  needs: ['client', 'user'],
  statement: 'A wrong secret in the Authorization header gets 401 and a challenge.',
  how:
    'A client of the method client_secret_basic exchanges a code (200). Then, each with a fresh code: ' +
    'another secret of the same length, the secret with one more character, without its last character, ' +
    'and with its letters in the other case. Expects 401, invalid_client, a Basic challenge in ' +
    'WWW-Authenticate, and no tokens. With an empty secret, expects a status from 400 to 499 and no ' +
    'tokens. Revocation and introspection, if they admit this client, get the same wrong secret. Not ' +
    "applicable if the server doesn't offer the method.",
  hint: 'Compare the whole secret, and challenge with the scheme that the client used.',
  async check(context) {
    const { flow, expect } = context;
    const { client, tried, redeem } = await startWithSecret(context, 'client_secret_basic');
    for (const { secret, what: kind } of tried) {
      const what = `${kind} in the Authorization header`;
      const exchange = await redeem(secret, what);
      expectClientRefused(expect, exchange, { status: [401], what });
      expectBasicChallenge(expect, exchange, what);
    }
    const empty = await redeem('', 'an empty secret in the Authorization header');
    await demandEndpointWorks(flow, empty);
    expect.noTokens(empty, 'an empty secret in the Authorization header');
    expect.clientError(empty, 'An empty secret in the Authorization header was not refused.');
    const auth = { client, method: 'client_secret_basic' as const, secret: tried[0].secret };
    for (const { endpoint, send } of await endpointsThatAdmit(flow, client)) {
      const what = `a wrong secret in the Authorization header at the ${endpoint} endpoint`;
      const exchange = await send({ auth, note: what });
      expect.status(exchange, 401, what);
      expectBasicChallenge(expect, exchange, what);
    }
  },
});

export const authPostWrong = requirement({
  id: 'token-auth-post-wrong',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '2.3.1')],
  needs: ['client', 'user'],
  statement: 'A wrong secret in the body is refused as invalid_client.',
  how:
    'A client of the method client_secret_post exchanges a code (200). Then, each with a fresh code: ' +
    'another secret of the same length, the secret with one more character, without its last character, ' +
    'and with its letters in the other case. Expects 400 or 401, invalid_client, and no tokens. An empty ' +
    'client_secret counts as left out, so invalid_request is fine for it; not judged if client_id alone ' +
    "gets tokens. Not applicable if the server doesn't offer the method.",
  hint: 'Compare the whole secret, including its length and letter case.',
  async check(context) {
    const { flow, expect } = context;
    const { client, tried, redeem } = await startWithSecret(context, 'client_secret_post');
    for (const { secret, what: kind } of tried) {
      const what = `${kind} in the body`;
      expectClientRefused(expect, await redeem(secret, what), { status: REFUSED_IN_BODY, what });
    }
    if (!(await needsSecret(flow, client))) return;
    const what = 'an empty client_secret';
    const error = ['invalid_client', 'invalid_request'];
    expect.refused(await redeem('', what), { status: REFUSED_IN_BODY, error, what });
  },
});

/** A client of this method whose right secret works, the wrong ones to try, and how each is sent. */
async function startWithSecret(
  { flow, alter }: CheckContext,
  method: 'client_secret_basic' | 'client_secret_post',
) {
  demandAuthMethodSupported(flow, method);
  const client = await clientWithAuthMethod(flow, method);
  const tried = wrongSecrets(demandSecret(client), alter);
  await exchangeFreshCode(
    flow,
    { client },
    method === 'client_secret_basic' ? 'basicAuthentication' : 'tokens',
  );
  const redeem = async (secret: string, note: string) =>
    flow.exchangeCode(await flow.code({ client }), { auth: { client, method, secret }, note });
  return { client, tried, redeem };
}

export const authMissing = requirement({
  id: 'token-auth-missing',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(6749, '3.2.1'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: "A confidential client that doesn't authenticate gets no tokens.",
  how:
    'A confidential client of each method that the server offers exchanges a code (200). Then, each with a ' +
    'fresh code: client_id alone, neither client_id nor secret (400 or 401, invalid_client or ' +
    "invalid_request) and, if there's a second client, that one's secret (400 or 401, invalid_client). " +
    'Expects no tokens each time. ' +
    'An unsigned JWT as client_assertion gets a client error.',
  hint: 'Let a client that was registered with a secret pass only after you compared the secret.',
  async check(context) {
    const { flow } = context;
    for (const client of await confidentialClients(flow)) {
      demandSecret(client);
      const step =
        client.token_endpoint_auth_method === 'client_secret_basic' ? 'basicAuthentication' : 'tokens';
      await exchangeFreshCode(flow, { client }, step);
      await judgeUnauthenticated(context, client);
    }
  },
});

async function judgeUnauthenticated({ flow, expect, remark }: CheckContext, client: Client): Promise<void> {
  const nothing = [
    {
      auth: { client, method: 'none' as const },
      what: `${describeClient(client)} that sends its client_id alone`,
    },
    { auth: null, what: 'a request without client_id and secret' },
  ];
  for (const { auth, what } of nothing) {
    const exchange = await flow.exchangeCode(await flow.code({ client }), { auth, note: what });
    const error = ['invalid_client', 'invalid_request'];
    expect.refused(exchange, { status: REFUSED_IN_BODY, error, what });
    remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
  }
  const assertion = 'an unsigned JWT as client_assertion';
  const { client_id } = client;
  const asserted = await flow.exchangeCode(await flow.code({ client }), {
    auth: null,
    params: {
      client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: makeUnsignedAssertion(client_id, client_id, flow.endpoint('token')),
    },
    note: assertion,
  });
  expect.noTokens(asserted, assertion);
  expect.clientError(asserted, `${capitalize(assertion)} was not refused.`);
  const foreign = (await sharedClientIfAny(flow, 'second'))?.client_secret ?? null;
  if (foreign === null || foreign === client.client_secret)
    return remark('There is no second client, so no foreign secret was tried.');
  const what = 'the secret of another client';
  const exchange = await flow.exchangeCode(await flow.code({ client }), {
    auth: { client, secret: foreign },
    note: what,
  });
  // By header the clause demands 401; in the body it allows both.
  const status = client.token_endpoint_auth_method === 'client_secret_basic' ? [401] : REFUSED_IN_BODY;
  expectClientRefused(expect, exchange, { status, what });
}

export const authUnknownClient = requirement({
  id: 'token-auth-unknown-client',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'An unknown client is refused as invalid_client.',
  how:
    "A real client exchanges a code (200). Then an unknown client sends that client's fresh codes, in the " +
    'body and, if the server offers it, with HTTP Basic, so only the client is wrong. If the server issues ' +
    'refresh tokens, the unknown client sends a working one too. Expects invalid_client: 400 or 401 for ' +
    'the body, 401 and a Basic challenge for the header.',
  hint: 'Look up the client before anything else, and answer invalid_client if there is none.',
  async check({ flow, expect, alter, remark }) {
    const known = await flow.client();
    const client = unknownClient(known, alter);
    await exchangeFreshCode(flow, { client: known });
    const inBody = { auth: { client, method: 'client_secret_post' as const } };
    const what = 'an unknown client';
    const exchange = await flow.exchangeCode(await flow.code({ client: known }), { ...inBody, note: what });
    expectClientRefused(expect, exchange, { status: REFUSED_IN_BODY, what });
    remark(`The answer to an unknown client in the body: ${describeExchange(exchange)}.`);
    if (supportsAuthMethod(flow, 'client_secret_basic')) {
      const what = 'an unknown client in the Authorization header';
      const auth = { client, method: 'client_secret_basic' as const };
      const inHeader = await flow.exchangeCode(await flow.code({ client: known }), { auth, note: what });
      expectClientRefused(expect, inHeader, { status: [401], what });
      expectBasicChallenge(expect, inHeader, what);
    }
    const tokens = await tokensWithRefreshIfAny(flow, { client: known });
    if (tokens.refresh_token === null) return;
    const newest = await refreshedTwice(flow, tokens, 'the control: a refresh');
    const refresh = await flow.refresh(newest, { ...inBody, note: 'a refresh by an unknown client' });
    expectClientRefused(expect, refresh, { status: REFUSED_IN_BODY, what: 'a refresh by an unknown client' });
  },
});

/** Made of a real client's id and secret, so that only the form could be recognized. */
function unknownClient(known: Client, alter: CheckContext['alter']): Client {
  return {
    ...known,
    client_id: alter(known.client_id, 'random'),
    client_secret: alter(known.client_secret ?? randomUUID(), 'random'),
    token_endpoint_auth_method: 'client_secret_post',
    registration: null,
  };
}
