/** Whose refresh token it is: the client's that it was issued to, and that has to prove it. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { demandSecret } from '../steps/clients.js';
import { refreshedTokens, refreshedTwice, tokensWithRefresh } from '../steps/tokens.js';

export const clientAuth = requirement({
  id: 'refresh-client-auth',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '3.2.1')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A confidential client authenticates at refresh.',
  how:
    'A refresh with the client’s authentication gives 200. Then the refresh token is sent with client_id alone ' +
    '(400 or 401, invalid_client or invalid_request) and with a wrong secret of the same length (invalid_client; 401 ' +
    'by header, 400 or 401 in the body). No tokens in either case. Afterwards the right secret, if need be on a fresh ' +
    'grant, gives 200. The client is the check’s own, as the server may revoke its grants.',
  hint: 'Authenticate the client for grant_type=refresh_token as for authorization_code.',
  serial: true,
  async check({ flow, expect, alter, remark }) {
    const client = await flow.disposableClient();
    const wrong = alter(demandSecret(client), 'random');
    const grant = await tokensWithRefresh(flow, { client });
    const tokens = await refreshedTwice(flow, grant, 'a refresh with the right secret');

    const bare = await flow.refresh(tokens, { auth: { client, method: 'none' }, note: 'client_id alone' });
    expect.refused(bare, {
      status: [400, 401],
      error: ['invalid_client', 'invalid_request'],
      what: 'a refresh by a confidential client that sends its client_id alone',
    });
    const refused = await flow.refresh(tokens, { auth: { client, secret: wrong }, note: 'a wrong secret' });
    expect.refused(refused, {
      status: client.token_endpoint_auth_method === 'client_secret_basic' ? 401 : [400, 401],
      error: 'invalid_client',
      what: 'a refresh with a wrong secret',
    });
    const after = await flow.refresh(tokens, { note: 'the right secret afterwards' });
    if (hasTokens(after)) return;
    remark(`After refreshes without the right secret the right one gave ${describeExchange(after)}.`);
    await refreshedTokens(flow, await tokensWithRefresh(flow, { client }), 'a refresh of a fresh grant');
  },
});

export const clientBound = requirement({
  id: 'refresh-client-bound',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '10.4')],
  needs: ['client', 'user', 'refresh', 'second-client'],
  statement: 'A refresh token works only for its client.',
  how:
    'Two clients, each of which refreshes a grant of its own (200). Then the first one’s refresh token is sent ' +
    'with the second’s valid credentials. Expected: 400, invalid_grant, no tokens. Afterwards the first still ' +
    'refreshes or, where the server takes this for theft, a fresh grant of it does. The first client is the ' +
    'check’s own, as the server may revoke its grants.',
  hint: 'Compare the authenticated client with the one that is stored with the refresh token.',
  serial: true,
  async check({ flow, expect, remark }) {
    const owner = await flow.disposableClient({}, { except: 'second' });
    const other = await flow.client('second');
    await refreshedTokens(
      flow,
      await tokensWithRefresh(flow, { client: other }),
      'a refresh of the second client',
    );
    const grant = await tokensWithRefresh(flow, { client: owner });
    const tokens = await refreshedTwice(flow, grant, 'a refresh of the first client');

    const foreign = await flow.refresh(tokens, {
      auth: { client: other },
      note: 'the refresh token of another client',
    });
    expect.invalidGrant(foreign, 'a refresh token that was issued to another client');

    const after = await flow.refresh(tokens, { note: 'its own client afterwards' });
    if (hasTokens(after)) return;
    remark('The server ended the grant after its refresh token was sent by another client.');
    await refreshedTokens(
      flow,
      await tokensWithRefresh(flow, { client: owner }),
      'a refresh of a fresh grant',
    );
  },
});
