/** The refresh tokens of public clients, which no secret protects: replaced at use, and dead with their grant at reuse. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Client, Flow, Tokens } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';
import { inShort, issued } from '../token/twins.js';
import { demandIssued } from './grants.js';

export const publicRotation = requirement({
  id: 'refresh-public-rotation',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(9700, '2.2.2'), rfc(9700, '4.14.2')],
  needs: ['public-client', 'person', 'refresh'],
  statement: 'A public client’s refresh token is replaced at use and the old one stops working.',
  how:
    'A public client of the check’s own refreshes a grant with its client_id alone. Expected: 200 and another ' +
    'refresh_token, which works. In a second grant the old one is sent once more after the refresh: 400, ' +
    'invalid_grant. Not applicable where public clients get no refresh token or the token_type is not Bearer.',
  next: 'Issue a new refresh token with every refresh of a public client, and mark the old one as used.',
  async check({ flow, expect }) {
    const client = await ownPublic(flow);
    const { tokens, refreshed } = await refreshedGrant(flow, client);
    const successor = refreshed.string('refresh_token');
    expect.that(
      successor !== null && successor !== tokens.refresh_token,
      'A public client’s refresh token is not replaced at use.',
      {
        expected: 'another refresh_token',
        received: successor === null ? 'no refresh_token' : 'the same refresh_token',
      },
    );
    const control = await flow.refresh({ refresh_token: successor, client }, { note: 'the new one' });
    demandIssued(control, 'a refresh with the new refresh token');

    const other = await refreshedGrant(flow, client);
    expect.refused(await flow.refresh(other.tokens, { note: 'the old one again' }), {
      status: 400,
      error: 'invalid_grant',
      what: 'a public client’s refresh token that was replaced',
    });
  },
});

export const reuseRevokes = requirement({
  id: 'refresh-reuse-revokes',
  // The clause describes this as a part of rotation and has no keyword for it.
  level: 'SHOULD',
  profile: 'oidc',
  source: [rfc(9700, '4.14.2')],
  needs: ['public-client', 'person', 'refresh'],
  statement: 'Reuse of a replaced refresh token ends the whole grant.',
  how:
    'A public client of the check’s own refreshes a grant, and the new refresh token works. In a second grant the ' +
    'old one is sent once more after the refresh and refused. Expected: then the new one is refused as well, 400 ' +
    'and invalid_grant. Not applicable where the token is not replaced at use.',
  next: 'When a replaced refresh token comes again, revoke the grant that it belongs to.',
  async check({ flow, expect }) {
    const client = await ownPublic(flow);
    const control = await refreshedGrant(flow, client);
    const working = await flow.refresh(
      { refresh_token: successorOf(control), client },
      { note: 'the new one, without reuse' },
    );
    demandIssued(working, 'a refresh with the new refresh token');

    const grant = await refreshedGrant(flow, client);
    const successor = successorOf(grant);
    const reuse = await flow.refresh(grant.tokens, { note: 'the old one again' });
    if (issued(reuse)) throw new Blocked('refresh-public-rotation', 'a replaced refresh token still works');
    const after = await flow.refresh(
      { refresh_token: successor, client },
      { note: 'the new one after the reuse' },
    );
    expect.refused(after, {
      status: 400,
      error: 'invalid_grant',
      what: 'the newest refresh token of a grant in which an old one was used again',
    });
  },
});

interface Refreshed {
  readonly tokens: Tokens;
  readonly refreshed: Exchange;
}

async function refreshedGrant(flow: Flow, client: Client): Promise<Refreshed> {
  const tokens = await offlinePublic(flow, client);
  const refreshed = await flow.refresh(tokens, { note: 'a refresh of a public client' });
  demandIssued(refreshed, 'a refresh of a public client');
  const type = refreshed.string('token_type') ?? 'Bearer';
  if (type.toLowerCase() !== 'bearer') {
    throw new NotApplicable(`the tokens are bound to their sender (token_type ${type})`);
  }
  return { tokens, refreshed };
}

function successorOf({ tokens, refreshed }: Refreshed): string {
  const successor = refreshed.string('refresh_token');
  if (successor !== null && successor !== tokens.refresh_token) return successor;
  throw new NotApplicable(`the refresh token is not replaced at use (${inShort(refreshed)})`);
}

async function offlinePublic(flow: Flow, client: Client): Promise<Tokens> {
  try {
    return await flow.tokens({ client, offline: true });
  } catch (signal) {
    if (signal instanceof Blocked && signal.owner === 'refresh-works') {
      throw new NotApplicable('the server issues no refresh token to public clients');
    }
    throw signal;
  }
}

/** A public client of the check's own, as the server may revoke its grants. */
async function ownPublic(flow: Flow): Promise<Client> {
  const client = await flow.ownClient({ token_endpoint_auth_method: 'none' });
  if (client.token_endpoint_auth_method === 'none') return client;
  throw new NotTested('the server registered a confidential client where a public one was asked for');
}
