/** The ID Token that may come with a refresh. */

import { oidcCore } from '../clauses.js';
import { quoteValue } from '../idtoken/claims.js';
import { verifyingKeys } from '../idtoken/signature.js';
import { requirement } from '../requirement.js';
import { demandRefreshed, tokensWithRefresh } from '../steps/refresh-grants.js';

export const idToken = requirement({
  id: 'refresh-id-token',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('12.2')],
  needs: ['client', 'user', 'refresh'],
  statement: 'An ID Token from a refresh speaks of the same sign-in.',
  how:
    'A grant is refreshed. If an id_token comes: iss and sub are those of the first, aud contains the client_id, iat ' +
    'is not before the first’s, auth_time, where both have it, is equal, nonce is absent or the first’s, azp is the ' +
    'same or absent in both, and a published key verifies the signature (HMAC is left to idtoken-signature). No ' +
    'id_token passes.',
  hint: 'Build the ID Token of a refresh from the stored sign-in, not from the moment of the refresh.',
  async check({ flow, expect, remark }) {
    const tokens = await tokensWithRefresh(flow);
    const response = await flow.refresh(tokens, { note: 'a refresh' });
    demandRefreshed(response, 'a refresh');
    const id_token = response.string('id_token');
    if (id_token === null) {
      remark('No ID Token came with the refresh.');
      return;
    }
    const { claims: first } = flow.decodeIdToken(tokens);
    const token = flow.decodeIdToken({ ...tokens, id_token });
    const { claims } = token;
    const same = (claim: string, holds: boolean) =>
      expect.that(holds, `The ID Token of a refresh has another ${claim} than the first.`, {
        expected: quoteValue(first[claim]),
        received: quoteValue(claims[claim]),
      });
    same('iss', claims.iss === first.iss);
    same('sub', claims.sub === first.sub);
    const audience: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    expect.that(
      audience.includes(tokens.client.client_id),
      'The aud of the ID Token of a refresh lacks the client.',
      { expected: 'the client_id', received: quoteValue(claims.aud) },
    );
    expect.that(
      typeof claims.iat === 'number' && (typeof first.iat !== 'number' || claims.iat >= first.iat),
      'The ID Token of a refresh was issued before the first, by its iat.',
      { expected: `a number not below ${quoteValue(first.iat)}`, received: quoteValue(claims.iat) },
    );
    if (claims.auth_time !== undefined && first.auth_time !== undefined) {
      same('auth_time', claims.auth_time === first.auth_time);
    }
    same('nonce', claims.nonce === undefined || claims.nonce === first.nonce);
    same('azp', claims.azp === first.azp);
    if (String(token.header.alg).startsWith('HS')) return;
    expect.that(
      (await verifyingKeys(flow, token)).length > 0,
      'No published key verifies the ID Token of a refresh.',
      { expected: 'a signature by a key of the set', received: 'none that fits' },
    );
  },
});
