/** Where a client's credentials may stand in a token request, and how they are written there. */
import { Buffer } from 'node:buffer';
import { capitalize, describeExchange } from '../../fixtures/expect/describe.js';
import { buildFormRequest } from '../../fixtures/flow/form-request.js';
import { appendQuery } from '../../fixtures/flow/parameters.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  clientWithAuthMethod,
  demandAuthMethodSupported,
  demandSecret,
  endpointsThatAdmit,
} from '../steps/clients.js';
import { grantFields } from '../steps/codes.js';
import { exchangeFreshCode, needsSecret } from '../steps/exchange.js';

export const credentialsInQuery = requirement({
  id: 'token-credentials-in-query',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '2.3.1')],
  needs: ['client', 'user'],
  statement: "Client credentials in the request URI don't authenticate.",
  how:
    'A client of the method client_secret_post exchanges a code with its credentials in the body (200). ' +
    'Then posts another with client_id and client_secret in the query and the rest in the body, and a ' +
    'third with only client_secret in the query, unless client_id alone gets tokens too. Expects a status ' +
    "from 400 to 499 and no tokens. Not applicable if the server doesn't offer client_secret_post.",
  hint: 'Read client_id and client_secret only from the body: a query ends up in logs.',
  async check({ flow, expect, remark }) {
    demandAuthMethodSupported(flow, 'client_secret_post');
    const client = await clientWithAuthMethod(flow, 'client_secret_post');
    const { client_id } = client;
    const client_secret = demandSecret(client);
    await exchangeFreshCode(flow, { client });
    const cases = [
      {
        what: 'a client that sends its credentials in the query',
        query: { client_id, client_secret },
        auth: null,
      },
      {
        what: 'a client that sends its client_secret in the query',
        query: { client_secret },
        auth: { client, method: 'none' as const },
      },
    ];
    const judged = (await needsSecret(flow, client)) ? cases : cases.slice(0, 1);
    for (const { what, query, auth } of judged) {
      const url = appendQuery(flow.endpoint('token'), new URLSearchParams(query));
      const fields = grantFields(await flow.code({ client }));
      const exchange = await flow.send(buildFormRequest(url, fields, auth, { note: what }));
      expect.noTokens(exchange, what);
      expect.clientError(exchange, `${capitalize(what)} was not refused.`);
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
  },
});

export const authTwoMethods = requirement({
  id: 'token-auth-two-methods',
  level: 'SHOULD',
  levelReason:
    'The prohibition binds the client. That the server refuses follows only from the error codes of ' +
    'section 5.2.',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '2.3')],
  needs: ['client', 'user'],
  statement: 'A request that authenticates the client in two ways is refused.',
  how:
    'A client of the method client_secret_basic exchanges a code (200). Then sends the right id and secret ' +
    'in the header and again in the body, and once with a wrong secret in the body. Expects 400 or 401, ' +
    "invalid_request or invalid_client, and no tokens. Not applicable if the server doesn't offer " +
    'client_secret_basic. ' +
    'The same with a wrong secret in the header and the right one in the body.',
  hint: 'Count the ways in which a request authenticates the client, and refuse more than one.',
  async check({ flow, expect, alter, remark }) {
    demandAuthMethodSupported(flow, 'client_secret_basic');
    const client = await clientWithAuthMethod(flow, 'client_secret_basic');
    const { client_id } = client;
    const secret = demandSecret(client);
    await exchangeFreshCode(flow, { client }, 'basicAuthentication');
    const wrong = alter(secret, 'random');
    for (const [what, inHeader, client_secret] of [
      ['a client that authenticates in the header and in the body', secret, secret],
      ['a client with its secret in the header and a wrong one in the body', secret, wrong],
      ['a client with a wrong secret in the header and its own in the body', wrong, secret],
    ] as const) {
      const request = {
        auth: { client, secret: inHeader },
        params: { client_id, client_secret },
        note: what,
      };
      const exchange = await flow.exchangeCode(await flow.code({ client }), request);
      expect.refused(exchange, {
        status: [400, 401],
        error: ['invalid_request', 'invalid_client'],
        what,
      });
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
  },
});

export const authBasicEncoding = requirement({
  id: 'token-auth-basic-encoding',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '2.3.1'), rfc(6749, 'B')],
  needs: ['client', 'user'],
  statement: 'The server form-decodes the client id and secret in a Basic header before it compares them.',
  how:
    'A client of the method client_secret_basic exchanges a code with only the required characters encoded ' +
    '(200), then another with every character of id and secret except letters and digits as %XX. Expects ' +
    "200 with tokens. Not applicable if they have only letters and digits, or if the server doesn't offer " +
    'the method. ' +
    'Revocation and introspection accept the header too, if they admit the client.',
  hint: 'Split the header at its colon, form-decode both halves, and then compare.',
  async check({ flow, expect }) {
    demandAuthMethodSupported(flow, 'client_secret_basic');
    const client = await clientWithAuthMethod(flow, 'client_secret_basic');
    const secret = demandSecret(client);
    if (/^[A-Za-z0-9]*$/.test(client.client_id + secret)) {
      throw new NotApplicable("The client's id and secret are letters and digits, which need no encoding.");
    }
    await exchangeFreshCode(flow, { client }, 'basicAuthentication');
    const credentials = Buffer.from(`${formEncode(client.client_id)}:${formEncode(secret)}`).toString(
      'base64',
    );
    const encoded = {
      auth: null,
      headers: { authorization: `Basic ${credentials}` },
      note: 'id and secret with every special character as %XX',
    };
    const exchange = await flow.exchangeCode(await flow.code({ client }), encoded);
    expect.issuedTokens(exchange, 'A Basic header with form-encoded credentials gets no tokens.');
    for (const { endpoint, send } of await endpointsThatAdmit(flow, client)) {
      const what = `a Basic header with form-encoded credentials at the ${endpoint} endpoint`;
      expect.status(await send(encoded), 200, what);
    }
  },
});

/** The form encoding with nothing but letters and digits bare. */
function formEncode(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}
