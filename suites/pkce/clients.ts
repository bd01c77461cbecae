/** What PKCE does for the two kinds of clients, and what it does not do. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import type { Client, ClientMetadata } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { demandEndpointWorks } from '../steps/exchange.js';
import { sendRegistration } from '../steps/registration.js';
import {
  codeForChallenge,
  confidentialPkceClient,
  makeVerifier,
  redeemControlCode,
  toPublicPkceClient,
} from './pkce-client.js';

export const s256 = requirement({
  id: 'pkce-s256',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7636, '4.6'), rfc(7636, '4.1'), rfc(9700, '2.1.1'), polarDocs('Public Clients')],
  needs: ['public-client', 'user'],
  statement: 'A public client completes the flow with S256 and no secret.',
  how:
    'A public client sends an S256 challenge and posts the code with its client_id, redirect_uri and ' +
    'verifier, with no secret and no Authorization header: once with a verifier of 43 characters and once ' +
    'with 128, both with letters, digits and - . _ ~. Expects a code, and 200 with an access_token.',
  hint: 'Compare BASE64URL(SHA256(code_verifier)), with no padding, with the stored challenge.',
  async check({ flow, expect }) {
    const client = await flow.client('public');
    for (const length of [43, 128]) {
      const what = `a verifier of ${length} characters`;
      const answer = await flow.authorize({ client, pkce: flow.newPkce(makeVerifier(length)), note: what });
      const code = expect.issuedCode(answer, 'A public client gets no code for an S256 challenge.');
      const exchange = await flow.exchangeCode(code, { note: what });
      await demandEndpointWorks(flow, exchange);
      expect.status(exchange, 200, `a public client's exchange with ${what}`);
      expect.issuedTokens(exchange, `A public client's exchange with ${what} gave no access_token.`);
    }
  },
});

export const publicClientBound = requirement({
  id: 'pkce-public-client-bound',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3')],
  needs: ['public-client', 'user', 'registration'],
  statement: "A public client's code works only with its client_id.",
  how:
    'Two public clients with the same redirect URI each exchange their own code (200). Then sends the ' +
    "first one's code and verifier with the second one's client_id. Expects 400 and invalid_grant (or 400 " +
    'or 401 and invalid_client), and no tokens.',
  hint: "Compare the token request's client_id with the one stored with the code, even if there's no secret.",
  async check({ flow, expect, remark }) {
    // Where there are no public clients at all, this says so.
    await flow.client('public');
    const owner = await ownPublicClient(flow);
    const other = await ownPublicClient(flow, { redirect_uris: [owner.redirect_uri] });
    await redeemControlCode(flow, toPublicPkceClient(owner));
    await redeemControlCode(flow, toPublicPkceClient(other));
    const code = await codeForChallenge(flow, toPublicPkceClient(owner));
    const exchange = await flow.exchangeCode(code, {
      auth: { client: other },
      note: 'the code and verifier of another public client',
    });
    expect.refused(exchange, {
      ...grantOrClient(exchange),
      what: 'the code of a public client with the client_id of another',
    });
    remark(`The answer: ${describeExchange(exchange)}.`);
  },
});

export const confidential = requirement({
  id: 'pkce-confidential',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1.1'), rfc(7636, '4.6')],
  needs: ['client', 'user'],
  statement: 'PKCE also protects the codes of confidential clients.',
  how:
    'A confidential client exchanges a code for an S256 challenge with verifier and secret (200), then a ' +
    'fresh one with another valid verifier and the right secret. Expects 400, invalid_grant and no tokens.',
  hint: 'Compare the verifier whenever a challenge is stored with the code, whatever the client is.',
  async check({ flow, expect }) {
    const side = await confidentialPkceClient(flow);
    await redeemControlCode(flow, side);
    const exchange = await flow.exchangeCode(await codeForChallenge(flow, side), {
      params: { code_verifier: flow.newPkce().code_verifier },
      note: 'another valid verifier',
    });
    expect.invalidGrant(exchange, "a confidential client's exchange with another verifier");
  },
});

export const confidentialSecret = requirement({
  id: 'pkce-confidential-secret',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Public Clients'), rfc(6749, '3.2.1'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: "PKCE doesn't replace a confidential client's secret.",
  how:
    'A confidential client exchanges a code for an S256 challenge with verifier and secret (200), then a ' +
    'fresh one with verifier and client_id but no secret. Expects 400 or 401 and invalid_client (or 400 ' +
    'and invalid_request), and no tokens.',
  hint: 'Authenticate the client with its registered method before you look at anything else.',
  async check({ flow, expect, remark }) {
    const side = await confidentialPkceClient(flow);
    await redeemControlCode(flow, side);
    const exchange = await flow.exchangeCode(await codeForChallenge(flow, side), {
      auth: { client: side.client, method: 'none' },
      note: 'verifier and client_id without the secret',
    });
    const request = exchange.string('error') === 'invalid_request';
    expect.refused(exchange, {
      status: request ? 400 : [400, 401],
      error: ['invalid_client', 'invalid_request'],
      what: "a confidential client's exchange with verifier and without secret",
    });
    remark(`The answer: ${describeExchange(exchange)}.`);
  },
});

/** A public client of the check's own: a foreign attempt on a code may cost its owner the grant. */
async function ownPublicClient(flow: Flow, changes: ClientMetadata = {}): Promise<Client> {
  const body = flow.registrationBody({ token_endpoint_auth_method: 'none', ...changes });
  const exchange = await sendRegistration(flow, body, "a public client of this check's own");
  const client = clientFromResponse(exchange, body);
  if (client?.token_endpoint_auth_method === 'none') return client;
  throw new NotTested(`The server registered no other public client (status ${exchange.status}).`);
}

/** invalid_client may come with 401 (RFC 6749 section 5.2), invalid_grant only with 400. */
function grantOrClient(exchange: Exchange): { status: readonly number[]; error: readonly string[] } {
  return {
    status: exchange.string('error') === 'invalid_client' ? [400, 401] : [400],
    error: ['invalid_grant', 'invalid_client'],
  };
}
