/** Revocation by clients that have no secret: their own tokens, and nobody else's (RFC 7009 section 2.1). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientForEndpoint, ownPublicClient } from '../steps/clients.js';
import { demandEndpointRevokes } from '../steps/revocation.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';
import {
  demandWorks,
  issueToken,
  type UsableToken,
  usableAccessToken,
  usableRefreshToken,
} from './usable-token.js';

export const publicClient = requirement({
  id: 'revoke-public-client',
  level: 'MUST',
  levelReason:
    'No keyword: section 2.1 covers public clients, and section 5 expects their tokens to be revoked.',
  profile: 'oauth',
  clauses: [rfc(7009, '2.1'), rfc(7009, '5')],
  needs: ['revocation', 'public-client', 'user', 'userinfo'],
  statement: 'A public client revokes its own tokens with only its client_id.',
  how:
    'A public client has a refresh token, if the server issues one, and an access token, which work. It ' +
    'posts each to the revocation endpoint with only its client_id. Expects 200 and a token that no longer ' +
    "works. Judges access tokens only if a confidential client can revoke them. Not applicable if there's " +
    "nothing to revoke, or if the server refuses the client and lists the revocation endpoint's methods " +
    'without none.',
  hint: 'Identify a public client by client_id, and end the token if it was issued to that client.',
  serial: true,
  async check({ flow, expect, pause }) {
    const client = await ownPublicClient(flow);
    const revoke = async (token: UsableToken) => {
      const note = `${token.what} of a public client, client_id alone`;
      const answer = await flow.revoke(token.value, { auth: { client }, note });
      if (answer.status >= 500)
        await demandEndpointRevokes(flow, answer, await ownClientForEndpoint(flow, 'revocation'));
      demandPublicClientsSupported(flow, answer);
      expect.status(answer, 200, `the revocation of its own ${token.what} by a public client`);
      expect.that(
        await token.hasEnded(pause),
        `The ${token.what} that a public client revoked still works.`,
        {
          expected: 'a refusal of the token',
          received: `${token.what === 'access token' ? 'an' : 'a'} ${token.what} that works`,
          exchange: answer,
        },
      );
    };
    const { access_token, refresh_token } = await tokensWithRefreshIfAny(flow, { client });
    if (refresh_token !== null)
      await revoke(await demandWorks(usableRefreshToken(flow, { refresh_token, client })));
    const own = await ownClientForEndpoint(flow, 'revocation');
    const control = usableAccessToken(flow, (await flow.tokens({ client: own })).access_token);
    const ended = await flow.revoke(control.value, {
      auth: { client: own },
      note: 'the control: an access token',
    });
    if (ended.status === 200 && (await control.hasEnded(pause))) {
      const fresh = refresh_token === null ? access_token : (await flow.tokens({ client })).access_token;
      return revoke(await demandWorks(usableAccessToken(flow, fresh)));
    }
    if (refresh_token === null) throw new NotApplicable('The server does not revoke access tokens.');
  },
});

export const publicOther = requirement({
  id: 'revoke-public-other',
  level: 'MUST',
  levelReason:
    'No keyword: "If this validation fails, the request is refused". Otherwise one application could sign ' +
    "out another's users.",
  profile: 'oauth',
  clauses: [rfc(7009, '2.1')],
  needs: ['revocation', 'public-client', 'user', 'userinfo', 'registration'],
  statement: "A public client can't revoke another public client's tokens.",
  how:
    'One public client has a token that works. Another posts it to the revocation endpoint with its own ' +
    'client_id. Expects 200 or a status from 400 to 499, and the token still works. ' +
    'Judges an access token too.',
  hint: "Compare the request's client_id with the client that the token was issued to.",
  serial: true,
  async check({ flow, expect }) {
    const owner = await ownPublicClient(flow);
    const other = await ownPublicClient(flow);
    if (other.client_id === owner.client_id) {
      throw new NotTested(
        'This needs two public clients: the target file has one, and none can be registered.',
      );
    }
    const first = await issueToken(flow, owner);
    const { access_token } = await flow.tokens({ client: owner });
    const atUserinfo = first.what === 'access token' ? [] : [usableAccessToken(flow, access_token)];
    for (const fresh of [first, ...atUserinfo]) {
      const token = await demandWorks(fresh);
      const what = `the revocation of ${token.what === 'access token' ? 'an' : 'a'} ${token.what} by another public client`;
      const answer = await flow.revoke(token.value, { auth: { client: other }, note: what });
      if (answer.status >= 500)
        await demandEndpointRevokes(flow, answer, await ownClientForEndpoint(flow, 'revocation'));
      if (answer.status !== 200)
        expect.clientError(answer, `The answer to ${what} is neither 200 nor a refusal.`);
      const used = await token.use(`its use after ${what}`);
      expect.that('next' in used, `The ${token.what} no longer works after ${what}.`, {
        expected: `the ${token.what} works as before`,
        received: 'next' in used ? 'a token that works' : describeExchange(used.refusal),
        exchange: 'next' in used ? answer : used.refusal,
      });
    }
  },
});

/** NotApplicable if the endpoint lets no public client in, and the document says so (RFC 8414 section 2). */
function demandPublicClientsSupported(flow: Flow, answer: Exchange): void {
  const listed = flow.supportedValues('revocation_endpoint_auth_methods_supported');
  if (listed === undefined || listed.includes('none')) return;
  const isUnauthenticated = answer.status === 401 || answer.string('error') === 'invalid_client';
  if (!isUnauthenticated) return;
  throw new NotApplicable(
    'The server does not let public clients revoke: revocation_endpoint_auth_methods_supported leaves out none.',
  );
}
