/** Tokens in two places at once, and forged tokens. */
import { createPublicKey } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedToken, demandAccepted, expectBearerRefused } from '../steps/bearer-requests.js';

export const twoMethods = requirement({
  id: 'api-two-methods',
  // Section 2 binds the client; that the server answers 400 is a SHOULD of 3.1.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1'), rfc(6750, '2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A request that carries a token in two ways is invalid.',
  how:
    'With the token in the header 200. Then the token in the header and another in the query at once: 400 is right. A ' +
    'server that takes no token from the query, as a request with the query alone shows, may leave it unread, ' +
    'and then answers as the header deserves: the token 200, a made-up one a refusal, whatever the query has.',
  hint: 'Count the places in which a request carries a token, and refuse more than one.',
  async check({ flow, expect, alter, remark }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    const { access_token } = tokens;
    const made = alter(access_token, 'random');
    const ask = (token: string | null, query: string, note: string) =>
      flow.callApi('protected', token, { query: { access_token: query }, note });
    const readsQuery = (await ask(null, access_token, 'the token in the query alone')).status === 200;
    const both = await ask(access_token, access_token, 'the token in the header and in the query');
    if (both.status !== 400) remark(`The token in header and query at once: ${both.status}.`);
    expect.that(
      both.status === 400 || !readsQuery,
      'A request with the token in two places is not refused.',
      {
        expected: 'status 400, as the server reads both places',
        received: `status ${both.status}`,
        exchange: both,
      },
    );
    const mixed = await ask(made, access_token, 'a made-up token in the header, the real one in the query');
    expectBearerRefused(expect, mixed, { what: 'a made-up token beside a real one in the query', control });
    await demandAccepted(flow, 'protected', access_token, 'the control request again');
  },
});

export const jwtForged = requirement({
  id: 'api-jwt-forged',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(8725, '3.1'), rfc(9068, '4')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A JWT that the server did not sign is not an access token.',
  how:
    'With the access token 200. Then JWTs with the claims of the access token, or of the ID Token where access tokens are ' +
    'opaque, and a later exp: unsigned (alg none), and signed by HS256 with the published key as the secret. Expected: ' +
    '4xx and none of the data. The access token still gives 200.',
  hint: 'Fix the algorithm and the key by configuration, and never take them from the token.',
  async check({ flow, expect }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    for (const { what, token } of await forgeTokens(flow, tokens)) {
      const exchange = await flow.callApi('protected', token, { note: what });
      expectBearerRefused(expect, exchange, { what, control });
    }
    await demandAccepted(flow, 'protected', tokens.access_token, 'the control request again');
  },
});

async function forgeTokens(
  flow: Flow,
  tokens: TokenSet,
): Promise<readonly { readonly what: string; readonly token: string }[]> {
  const isJwt = tokens.access_token.split('.').length === 3;
  const source = isJwt ? tokens.access_token : flow.decodeIdToken(tokens).compact;
  const claims = { ...decodeJwt(source), exp: Math.floor(Date.now() / 1000) + 3600, scope: tokens.scope };
  const forged = [{ what: 'an unsigned JWT', token: new UnsecuredJWT(claims).encode() }];
  const published = (await flow.publishedKeys()).find(({ kty }) => kty === 'RSA' || kty === 'EC');
  if (published === undefined) return forged;
  try {
    const pem = createPublicKey({ key: { ...published }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const kid = typeof published.kid === 'string' ? { kid: published.kid } : {};
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: isJwt ? 'at+jwt' : 'JWT', ...kid })
      .sign(new TextEncoder().encode(String(pem)));
    return [...forged, { what: 'a JWT signed with the published key as a secret', token }];
  } catch (error) {
    if (error instanceof TypeError) throw new NotTested('a published key cannot be read');
    throw error;
  }
}
