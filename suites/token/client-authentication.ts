/** How a client proves at the token endpoint who it is, and what comes when it cannot. */
import { randomUUID } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  clientWithAuthMethod,
  demandAuthMethodSupported,
  demandSecret,
  sharedClientIfAny,
  supportsAuthMethod,
} from '../steps/clients.js';
import { demandEndpointWorks, exchangeFreshCode } from '../steps/exchange.js';

/** Section 5.2: 401 is allowed for every failed authentication, 400 where the header was not used. */
const REFUSED_IN_BODY = [400, 401];

export const authBasic = requirement({
  id: 'token-auth-basic',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '2.3.1'), oidcCore('9')],
  needs: ['client', 'user'],
  statement: 'A client registered for client_secret_basic authenticates by HTTP Basic.',
  how:
    'A client of the method client_secret_basic exchanges a code with Authorization: Basic and without its ' +
    'credentials in the body. Expected: 200 with tokens. Not applicable where the server does not offer the method.',
  hint: 'Read client_id and client_secret from the Authorization header, form-decode them, and compare.',
  async check({ flow, expect }) {
    demandAuthMethodSupported(flow, 'client_secret_basic');
    const client = await clientWithAuthMethod(flow, 'client_secret_basic');
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      note: 'authenticated by HTTP Basic',
    });
    await demandEndpointWorks(flow, exchange);
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
    'fields. Expected: 200 with tokens.',
  hint: 'Read client_id and client_secret from the form, as the documented example sends them.',
  async check({ flow, expect }) {
    const client = await clientWithAuthMethod(flow, 'client_secret_post');
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      note: 'authenticated in the body',
    });
    await demandEndpointWorks(flow, exchange);
    expect.issuedTokens(exchange, 'A client that authenticates in the body gets no tokens.');
  },
});

export const authBasicWrong = requirement({
  id: 'token-auth-basic-wrong',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'A wrong secret in the Authorization header is answered with 401 and a challenge.',
  how:
    'A client of the method client_secret_basic; a fresh code with the right secret gives 200. Another fresh ' +
    'code with a wrong secret of the same length and alphabet. Expected: 401, invalid_client, WWW-Authenticate ' +
    'with the scheme Basic, no tokens. Not applicable where the server does not offer the method.',
  hint: 'Compare the whole secret, and challenge with the scheme that the client used.',
  async check({ flow, expect, alter }) {
    demandAuthMethodSupported(flow, 'client_secret_basic');
    const client = await clientWithAuthMethod(flow, 'client_secret_basic');
    const wrong = alter(demandSecret(client), 'random');
    await exchangeFreshCode(flow, { client }, 'basicAuthentication');
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      auth: { client, secret: wrong },
      note: 'a wrong secret in the header',
    });
    expectClientRefused(expect, exchange, {
      status: [401],
      what: 'a wrong secret in the Authorization header',
    });
    expectChallenge(expect, exchange, 'a wrong secret in the Authorization header');
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
    'A client of the method client_secret_post; a fresh code with the right secret gives 200. Then, each with a ' +
    'fresh code: another secret of the same length, the secret and one character more, without its last ' +
    'character, with the case of its letters exchanged. Expected: 400 or 401, invalid_client, no tokens. An empty ' +
    'client_secret counts as omitted, so invalid_request is right for it too. 429 ends the check as not tested. ' +
    'Not applicable where the server does not offer the method.',
  hint: 'Compare the whole secret, with its length and its case.',
  async check({ flow, expect, alter }) {
    demandAuthMethodSupported(flow, 'client_secret_post');
    const client = await clientWithAuthMethod(flow, 'client_secret_post');
    const secret = demandSecret(client);
    await exchangeFreshCode(flow, { client });
    const wrong = [
      { value: alter(secret, 'random'), what: 'a client_secret of the same length with other characters' },
      { value: alter(secret, 'longer'), what: 'a client_secret with one more character' },
      { value: alter(secret, 'shorter'), what: 'a client_secret without its last character' },
    ];
    if (/[a-z]/i.test(secret)) {
      wrong.push({
        value: alter(secret, 'case'),
        what: 'a client_secret with its letters in the other case',
      });
    }
    for (const { value, what } of wrong) {
      const exchange = await redeemWith(flow, client, value, what);
      expectClientRefused(expect, exchange, { status: REFUSED_IN_BODY, what });
    }
    const empty = await redeemWith(flow, client, '', 'an empty client_secret');
    expect.refused(empty, {
      status: REFUSED_IN_BODY,
      error: ['invalid_client', 'invalid_request'],
      what: 'an empty client_secret',
    });
  },
});

export const authMissing = requirement({
  id: 'token-auth-missing',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(6749, '3.2.1'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'A confidential client without authentication gets no tokens.',
  how:
    'A confidential client; a fresh code with its authentication gives 200. Then, each with a fresh code: ' +
    'client_id alone, neither client_id nor secret (400 or 401, invalid_client or invalid_request), and, where ' +
    'there is a second client, that one’s secret (400 or 401, invalid_client). No tokens in any case.',
  hint: 'Let a client that was registered with a secret pass only after that secret was compared.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    const secret = demandSecret(client);
    await exchangeFreshCode(flow, { client });
    const nothing = [
      {
        auth: { client, method: 'none' as const },
        what: 'a confidential client that sends its client_id alone',
      },
      { auth: null, what: 'a request without client_id and secret' },
    ];
    for (const { auth, what } of nothing) {
      const exchange = await flow.exchangeCode(await flow.code({ client }), { auth, note: what });
      expect.refused(exchange, {
        status: REFUSED_IN_BODY,
        error: ['invalid_client', 'invalid_request'],
        what,
      });
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
    const foreign = (await sharedClientIfAny(flow, 'second'))?.client_secret ?? null;
    if (foreign === null || foreign === secret) {
      remark('There is no second client, so no foreign secret was tried.');
      return;
    }
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      auth: { client, secret: foreign },
      note: 'the secret of another client',
    });
    // By header the clause demands 401; in the body it allows both.
    const status = client.token_endpoint_auth_method === 'client_secret_basic' ? [401] : REFUSED_IN_BODY;
    expectClientRefused(expect, exchange, { status, what: 'the secret of another client' });
  },
});

export const authUnknownClient = requirement({
  id: 'token-auth-unknown-client',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'An unknown client is refused as invalid_client.',
  how:
    'A fresh code of a real client gives 200. Then fresh codes of that client, with all that belongs to them, are sent by ' +
    'an unknown client, in the body and, where the server offers it, by HTTP Basic: so only the client is wrong. ' +
    'Expected: invalid_client; 400 or 401 for the body, 401 and a Basic challenge for the header.',
  hint: 'Find the client before anything else, and say invalid_client when there is none.',
  async check({ flow, expect, alter, remark }) {
    const known = await flow.client();
    const client = unknownClient(known, alter);
    await exchangeFreshCode(flow, { client: known });
    const inBody = await flow.exchangeCode(await flow.code({ client: known }), {
      auth: { client, method: 'client_secret_post' },
      note: 'an unknown client in the body',
    });
    expectClientRefused(expect, inBody, { status: REFUSED_IN_BODY, what: 'an unknown client' });
    remark(`The answer to an unknown client in the body: ${describeExchange(inBody)}.`);
    if (!supportsAuthMethod(flow, 'client_secret_basic')) return;
    const inHeader = await flow.exchangeCode(await flow.code({ client: known }), {
      auth: { client, method: 'client_secret_basic' },
      note: 'an unknown client in the header',
    });
    expectClientRefused(expect, inHeader, {
      status: [401],
      what: 'an unknown client in the Authorization header',
    });
    expectChallenge(expect, inHeader, 'an unknown client in the Authorization header');
  },
});

/** RFC 6749 section 5.2: client authentication failed. */
function expectClientRefused(
  expect: Expect,
  exchange: Exchange,
  { status, what }: { readonly status: readonly number[]; readonly what: string },
): void {
  if (exchange.status === 429) throw new NotTested(`The server limits its rate and did not judge ${what}.`);
  expect.refused(exchange, { status, error: 'invalid_client', what });
}

/** RFC 6749 section 5.2: the challenge has the scheme that the client used. */
function expectChallenge(expect: Expect, exchange: Exchange, what: string): void {
  const field = exchange.header('www-authenticate');
  expect.that(
    field !== null && /(^|,)\s*basic(\s|,|$)/i.test(field),
    field === null
      ? `The answer to ${what} has no WWW-Authenticate.`
      : `WWW-Authenticate in the answer to ${what} does not name the scheme Basic.`,
    { expected: 'WWW-Authenticate: Basic …', received: field ?? 'no such header' },
  );
}

async function redeemWith(flow: Flow, client: Client, secret: string, what: string): Promise<Exchange> {
  const code = await flow.code({ client });
  const exchange = await flow.exchangeCode(code, {
    auth: { client, method: 'client_secret_post', secret },
    note: what,
  });
  if (exchange.status === 429) throw new NotTested(`The server limits its rate and did not judge ${what}.`);
  return exchange;
}

/** Made of a real client's id and secret, so that only the form could be recognized. */
function unknownClient(known: Client, alter: (text: string, how: 'random') => string): Client {
  return {
    ...known,
    client_id: alter(known.client_id, 'random'),
    client_secret: alter(known.client_secret ?? randomUUID(), 'random'),
    token_endpoint_auth_method: 'client_secret_post',
    registration: null,
  };
}
