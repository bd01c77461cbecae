/** What a registration gives: credentials that work, and a secret only where one is due. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { exchangeUnknownCode } from '../steps/exchange.js';
import {
  hasClient,
  registerControl,
  sendRegistration,
  sendValidRegistration,
} from '../steps/registration.js';
import { isNotTested, nullOn } from '../steps/signals.js';

const SECRET_METHODS: readonly string[] = ['client_secret_basic', 'client_secret_post'];

export const register = requirement({
  id: 'client-register',
  level: 'MUST',
  levelReason:
    'Section 3.2.1 says "responds with 201" and has REQUIRED for client_id. Every other check needs a ' +
    'client.',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.1'), rfc(7591, '3.1'), rfc(9110, '8.3.1')],
  needs: ['registration'],
  statement: "A valid registration gets 201 and a client that works, with a secret if it's confidential.",
  how:
    'Registers a confidential client: a name, one https redirect URI, homepage, logo, terms and policy on ' +
    'the same host, and grant types, scopes and a secret-based method that the server lists. Expects 201, ' +
    'application/json, and an object with a client_id and a client_secret; the server may replace any ' +
    "value. A token request with these credentials and a made-up code isn't invalid_client, and with " +
    'another secret it is. Then registers again with Content-Type: Application/JSON; charset=utf-8.',
  hint: 'Look at what the registration endpoint returns and stores.',
  async check(context) {
    const { flow, expect, remark } = context;
    demandSecretMethod(flow);
    const body = flow.registrationBody();
    const response = await sendValidRegistration(flow, body, 'an ordinary confidential client');
    expect.status(response, 201, 'a valid registration');
    const answer = expect.jsonObject(response, 'the registration response', 201);
    expect.matchesSchema('registration', answer, 'the registration response', response);
    const method = answer.token_endpoint_auth_method ?? body.token_endpoint_auth_method;
    if (typeof method === 'string' && !SECRET_METHODS.includes(method)) {
      remark(
        `The server registered the method ${method} in place of ${String(body.token_endpoint_auth_method)}.`,
      );
      return;
    }
    expect.string(
      answer.client_secret,
      'client_secret',
      'the registration of a confidential client',
      response,
    );
    const client = clientFromResponse(response, body);
    if (client !== null) await demandInForce(context, client);
    const type = 'Application/JSON; charset=utf-8';
    const again = await nullOn(isNotTested, () =>
      flow.registerBody(JSON.stringify(body), `Content-Type: ${type}`, type),
    );
    if (again !== null) expect.status(again, 201, `a valid registration with Content-Type ${type}`);
  },
});

export const publicNoSecret = requirement({
  id: 'client-public-no-secret',
  level: 'MUST',
  levelReason: "No keyword: section 2 defines none as a client that doesn't have a secret.",
  profile: 'oauth',
  clauses: [rfc(7591, '2'), polarDocs('Public Clients')],
  needs: ['registration', 'public-client'],
  statement: 'A client registered with token_endpoint_auth_method none gets no client secret.',
  how:
    'Registers a client with a secret-based method, which gets a secret, then one with none. Expects 201 ' +
    'and no client_secret (null or an empty string counts as none). Not applicable if the server refuses ' +
    'none or registers another method instead.',
  hint:
    'Issue no secret if token_endpoint_auth_method is none. Nobody can keep it secret, and someone may ' +
    'start to rely on it.',
  async check({ flow, expect }) {
    demandSecretMethod(flow);
    await demandSecretIssued(flow);
    const response = await sendRegistration(
      flow,
      flow.registrationBody({ token_endpoint_auth_method: 'none' }),
      'the same as a public client',
    );
    if (!hasClient(response)) {
      throw new NotApplicable(`The server registers no public clients (${describeExchange(response)}).`);
    }
    const method = response.string('token_endpoint_auth_method');
    if (method !== null && method !== 'none') {
      throw new NotApplicable(`The server registers public clients as ${method}, so it offers none.`);
    }
    const issued = (response.string('client_secret') ?? '') !== '';
    if (issued && method === null) {
      throw new NotTested(
        'The response has a secret and does not say which authentication method was registered.',
      );
    }
    expect.that(!issued, 'A public client was registered with a client_secret.', {
      expected: 'no client_secret',
      received: 'token_endpoint_auth_method none and a client_secret',
    });
  },
});

/** NotTested where the server lists authentication methods and none of those with a secret. */
function demandSecretMethod(flow: Flow): void {
  const listed = flow.supportedValues('token_endpoint_auth_methods_supported');
  if (listed === undefined || SECRET_METHODS.some((method) => listed.includes(method))) return;
  throw new NotTested(`The server lists no authentication by client secret (${listed.join(', ')}).`);
}

/** The control of publicNoSecret: secrets are issued at all. */
async function demandSecretIssued(flow: Flow): Promise<void> {
  const control = await registerControl(flow, flow.registrationBody());
  const method = control.string('token_endpoint_auth_method');
  if ((control.string('client_secret') ?? '') !== '') return;
  if (method !== null && !SECRET_METHODS.includes(method)) {
    throw new NotTested(`The server registers every client as ${method}, so it issues no secrets.`);
  }
  throw new Blocked('registration', 'A confidential client was registered without a client_secret.');
}

/** The credentials authenticate: a made-up code is refused for itself, not for the client. */
async function demandInForce({ flow, expect, alter, remark }: CheckContext, client: Client): Promise<void> {
  const right = await exchangeUnknownCode(flow, client, 'a made-up code with the new credentials');
  expect.that(
    right.string('error') !== 'invalid_client',
    'The credentials that the registration returned are refused as invalid_client.',
    { expected: 'invalid_grant, for the made-up code alone', received: describeExchange(right) },
  );
  const other = alter(client.client_secret ?? '', 'middle');
  const wrong = await exchangeUnknownCode(flow, client, 'the same with another secret', other);
  if (wrong.string('error') === 'invalid_client') return;
  remark(
    `A made-up code is answered with ${describeExchange(right)}, and with a wrong secret with ${describeExchange(wrong)}; so whether the ` +
      'secret is in force is left to token-exchange.',
  );
}
