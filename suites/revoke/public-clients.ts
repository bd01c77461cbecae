/** Revocation by clients that have no secret: their own tokens, and nobody else's (RFC 7009 section 2.1). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientForEndpoint } from '../steps/clients.js';
import { demandEndpointRevokes, demandRevocationSupported } from '../steps/revocation.js';
import { demandWorks, issueToken } from './usable-token.js';

export const publicClient = requirement({
  id: 'revoke-public-client',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7009, '2.1'), rfc(7009, '5')],
  needs: ['revocation', 'public-client', 'user', 'userinfo'],
  statement: 'A public client revokes its own tokens with its client_id alone.',
  how:
    'A public client of the check’s own has a refresh token, or an access token where there is none, that works. It posts ' +
    'it to the revocation endpoint with client_id alone. Expected: 200, and the token works no more. Not applicable where ' +
    'access tokens alone are issued and not revoked, or where the server refuses the client (401, or invalid_client) and ' +
    'lists the methods of its revocation endpoint without none.',
  hint: 'Identify a public client by client_id, and end the token if it was issued to that client.',
  serial: true,
  async check({ flow, expect, pause }) {
    const client = await ownPublic(flow);
    const token = await demandWorks(await issueToken(flow, client));
    const answer = await flow.revoke(token.value, {
      auth: { client },
      note: 'a public client, client_id alone',
    });
    if (answer.status >= 500)
      await demandEndpointRevokes(flow, answer, await ownClientForEndpoint(flow, 'revocation'));
    if (token.what === 'access token') demandRevocationSupported(answer);
    demandPublicClientsSupported(flow, answer);
    expect.status(answer, 200, `the revocation of its own ${token.what} by a public client`);
    expect.that(await token.hasEnded(pause), `The ${token.what} that a public client revoked still works.`, {
      expected: 'a refusal of the token',
      received: `a ${token.what} that works`,
      exchange: answer,
    });
  },
});

export const publicOther = requirement({
  id: 'revoke-public-other',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7009, '2.1')],
  needs: ['revocation', 'public-client', 'user', 'userinfo', 'registration'],
  statement: 'A public client cannot revoke the tokens of another public client.',
  how:
    'Two public clients. The first has a token that works; the second posts it to the revocation endpoint with its own ' +
    'client_id. Expected: 200 or a status from 400 to 499, and the token still works.',
  hint: 'Compare the client_id of the request with the client that the token was issued to.',
  serial: true,
  async check({ flow, expect }) {
    const owner = await ownPublic(flow);
    const other = await ownPublic(flow);
    if (other.client_id === owner.client_id) {
      throw new NotTested(
        'This needs two public clients: the target file has one, and none can be registered.',
      );
    }
    const token = await demandWorks(await issueToken(flow, owner));
    const what = `the revocation of a ${token.what} by another public client`;
    const answer = await flow.revoke(token.value, { auth: { client: other }, note: what });
    if (answer.status >= 500)
      await demandEndpointRevokes(flow, answer, await ownClientForEndpoint(flow, 'revocation'));
    if (answer.status !== 200)
      expect.clientError(answer, `The answer to ${what} is neither 200 nor a refusal.`);
    const used = await token.use(`its use after ${what}`);
    expect.that('next' in used, `The ${token.what} no longer works after ${what}.`, {
      expected: `the ${token.what} works as before`,
      received: 'a refusal',
      exchange: 'next' in used ? answer : used.refusal,
    });
  },
});

/** NotApplicable if the endpoint lets no public client in, and the document says so (RFC 8414 section 2). */
function demandPublicClientsSupported(flow: Flow, answer: Exchange): void {
  const listed = flow.supportedValues('revocation_endpoint_auth_methods_supported');
  if (listed === undefined || listed.includes('none')) return;
  const isUnauthenticated = answer.status === 401 || answer.string('error') === 'invalid_client';
  if (!isUnauthenticated) return;
  throw new NotApplicable(
    'The server lets no public client revoke, as it says by revocation_endpoint_auth_methods_supported.',
  );
}

async function ownPublic(flow: Flow): Promise<Client> {
  const client = await flow.disposableClient({ token_endpoint_auth_method: 'none' });
  if (client.token_endpoint_auth_method === 'none') return client;
  throw new NotTested('the server registered a confidential client where a public one was asked for');
}
