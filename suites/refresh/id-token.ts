/** The ID Token that may come with a refresh. */
import { quote } from '../../fixtures/expect/describe.js';
import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';
import { verifyingKeys } from '../steps/published-keys.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens, tokensWithRefresh } from '../steps/tokens.js';

export const idToken = requirement({
  id: 'refresh-id-token',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('12.2')],
  needs: ['client', 'user', 'refresh'],
  statement: 'An ID Token from a refresh is about the same sign-in.',
  how:
    "Refreshes the grant of a request with max_age=10000. If an id_token comes, expects the first one's " +
    "iss and sub, the client_id in aud, an iat that isn't before the first one's, the same auth_time if " +
    "both have it, no nonce or the first one's, the same azp or none in both, and a signature by a " +
    'published key. No id_token is fine.',
  hint: "Build a refresh's ID Token from the stored sign-in, not from the moment of the refresh.",
  async check({ flow, expect, remark }) {
    // With max_age the first ID Token has auth_time. Some servers include it only then.
    const params = { max_age: '10000' };
    const asked = await nullOn(isUnavailable, () => tokensWithRefresh(flow, { params }));
    const tokens = asked ?? (await tokensWithRefresh(flow));
    const { exchange: response } = await refreshedTokens(flow, tokens, 'a refresh');
    const id_token = response.string('id_token');
    if (id_token === null) return remark('No ID Token came with the refresh.');
    const { claims: first } = flow.decodeIdToken(tokens);
    const token = await nullOn(isUnavailable, () => flow.decodeIdToken({ ...tokens, id_token }));
    expect.that(token !== null, 'The ID Token of a refresh cannot be parsed.', {
      expected: 'a JWT',
      received: `a string of ${id_token.length} characters`,
      exchange: response,
    });
    if (token === null) return;
    const { claims } = token;
    const same = (claim: string) =>
      expect.same(
        claims[claim],
        first[claim],
        claim in claims
          ? `The ID Token of a refresh has a different ${claim} than the first.`
          : `The ID Token of a refresh lacks ${claim}, which the first has.`,
      );
    same('iss');
    same('sub');
    const audience: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    expect.includes(
      audience,
      tokens.client.client_id,
      'The aud of the ID Token of a refresh lacks the client.',
    );
    const issued = expect.number(claims.iat, 'iat');
    expect.that(
      typeof first.iat !== 'number' || issued >= first.iat,
      'By its iat, the ID Token of a refresh was issued before the first.',
      { expected: `a number not below ${quote(first.iat)}`, received: quote(issued) },
    );
    if (claims.auth_time !== undefined && first.auth_time !== undefined) same('auth_time');
    if (claims.nonce !== undefined) same('nonce');
    same('azp');
    if (String(token.header.alg).startsWith('HS')) return;
    expect.that(
      (await verifyingKeys(flow, token)).length > 0,
      'No published key verifies the ID Token of a refresh.',
      { expected: 'a signature by a key of the set', received: 'none that fits' },
    );
  },
});
