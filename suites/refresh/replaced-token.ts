/** What the answer to a refresh says, beside what it does. */
import { hasTokens, quote } from '../../fixtures/expect/describe.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { leftHalfOfHash } from '../steps/at-hash.js';
import { ownClientIfOpen, ownPublicClient } from '../steps/clients.js';
import { furtherScope, parseScopes, unknownScope } from '../steps/granted-scopes.js';
import {
  type Refreshable,
  refreshedTokens,
  refreshedTwice,
  refreshWhenKnown,
  tokensWithRefresh,
} from '../steps/tokens.js';
import { demandSuccessor, refreshedGrant, STILL_WORKS } from './public-clients.js';

export const replacedError = requirement({
  id: 'refresh-replaced-error',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['public-client', 'user', 'refresh'],
  statement: 'A replaced refresh token is refused as an invalid grant.',
  how:
    'A public client refreshes a grant, which replaces the token, and sends the old one again. Expects 400 ' +
    "and invalid_grant. refresh-public-rotation judges that it's refused at all. Not applicable if the " +
    "token isn't replaced when it's used.",
  hint: "Answer a refresh token that's no longer valid with 400 and invalid_grant, whatever the reason.",
  serial: true,
  async check({ flow, expect }) {
    const grant = await refreshedGrant(flow, await ownPublicClient(flow));
    demandSuccessor(grant);
    const again = await flow.refresh(grant.tokens, { note: 'the old one again' });
    if (hasTokens(again)) throw new NotTested(STILL_WORKS);
    expect.invalidGrant(again, 'a refresh token that was replaced');
  },
});

export const idTokenAtHash = requirement({
  id: 'refresh-id-token-at-hash',
  level: 'MUST',
  levelReason:
    'No keyword: this is how the claim is defined, and clients that check it refuse any other value.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.6'), oidcCore('12.2')],
  needs: ['client', 'user', 'refresh'],
  statement: "at_hash in a refresh's ID Token matches the new access token.",
  how:
    'Refreshes a grant. Expects at_hash in the ID Token, if both are there, to be the left half of the new ' +
    "access_token's hash, not of the first one's, and not null. " +
    'The same for a second refresh.',
  hint: "Compute at_hash again at each refresh, from that response's access token, or leave it out.",
  async check({ flow, expect, remark }) {
    const tokens = await tokensWithRefresh(flow);
    let newest: Refreshable = tokens;
    for (const what of ['a refresh', 'a second refresh']) {
      const refreshed = await refreshedTokens(flow, newest, what);
      newest = refreshed;
      const { exchange } = refreshed;
      const id_token = exchange.string('id_token');
      if (id_token === null) return remark(`No ID Token came with ${what}.`);
      const token = flow.decodeIdToken({ ...tokens, id_token });
      const { at_hash: value } = token.claims;
      if (value === undefined) {
        remark(`The ID Token of ${what} has no at_hash.`);
        continue;
      }
      const computed = leftHalfOfHash(token, exchange.string('access_token') ?? '');
      if (computed === null)
        throw new NotApplicable(`No hash is defined for alg ${String(token.header.alg)}.`);
      const isStale = value === leftHalfOfHash(token, tokens.access_token);
      expect.that(
        value === computed,
        `at_hash in the ID Token of ${what} does not fit the new access token.`,
        {
          expected: 'the left half of the hash of the new access_token',
          received: isStale ? 'the hash of the first access token' : quote(value),
          exchange,
        },
      );
    }
  },
});

export const scopeError = requirement({
  id: 'refresh-scope-error',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '6')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A refresh refused because of its scope gets invalid_scope.',
  how:
    'Refreshes a grant for openid with another scope that client and server both have but the grant ' +
    "doesn't, and a fresh one with an unknown scope. If that's refused, expects 400 and invalid_scope. Not " +
    'applicable if the server answers both with tokens, which refresh-scope-wider judges.',
  hint: 'Answer a scope beyond the granted one with 400 and invalid_scope.',
  async check({ flow, expect }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    let refusals = 0;
    for (const scope of [await furtherScope(flow, client), unknownScope()]) {
      const grant = await tokensWithRefresh(flow, { client, scope: flow.minimalScope });
      if (scope === null || parseScopes(grant.scope).has(scope)) continue;
      const tokens = await refreshedTwice(flow, grant, 'a refresh without scope');
      const params = { scope: `${grant.scope} ${scope}` };
      const exchange = await refreshWhenKnown(flow, tokens, { params, note: `the same and ${scope}` });
      if (hasTokens(exchange)) continue;
      refusals += 1;
      const what = `a refresh for ${scope}, which was not granted`;
      expect.refused(exchange, { status: 400, error: 'invalid_scope', what });
    }
    if (refusals === 0) throw new NotApplicable('The server answers wider scopes with tokens.');
  },
});
