/** Tokens in two places at once, and forged tokens. */
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize } from '../../fixtures/expect/describe.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  acceptedAtEachPlace,
  demandAccepted,
  expectBearerRefused,
  type ProtectedPlace,
} from '../steps/bearer-requests.js';

export const twoMethods = requirement({
  id: 'api-two-methods',
  level: 'SHOULD',
  levelReason: 'Section 2 binds the client. That the server answers with 400 is a SHOULD in section 3.1.',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1'), rfc(6750, '2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A request that sends a token in two ways is refused.',
  how:
    'The token in the header gets 200. Then sends it in the header and again in the query, at the API and ' +
    'at userinfo, and in a form at userinfo. Expects 400. A server that reads only the header may ignore ' +
    'the other place: then the token gets 200, and a made-up one is refused whatever the other place has.',
  hint: 'Count the places where a request has a token, and refuse more than one.',
  async check(context) {
    const { flow, expect, alter, remark } = context;
    const { tokens, places } = await acceptedAtEachPlace(context);
    const { access_token } = tokens;
    for (const { other, where, ask } of listSecondWays(flow, places)) {
      const alone = await ask(null, access_token, `the token in ${other} alone${where}`);
      const isRead = alone.status === 200 && alone.string('error') === null;
      const what = `the token in the header and in ${other}${where}`;
      const both = await ask(access_token, access_token, what);
      if (both.status !== 400) remark(`${capitalize(what)}: ${both.status}.`);
      expect.that(both.status === 400 || !isRead, `A request with ${what} is not refused.`, {
        expected: 'status 400, as the server reads both places',
        received: `status ${both.status}`,
        exchange: both,
      });
      const mixed = `a made-up token in the header beside a real one in ${other}${where}`;
      const exchange = await ask(alter(access_token, 'random'), access_token, mixed);
      const [{ control }] = places;
      expectBearerRefused(expect, exchange, { what: mixed, control });
    }
    await demandAccepted(flow, 'protected', access_token, 'the control request again');
  },
});

/** The places beside the header in which a token may come (RFC 6750 sections 2.2 and 2.3). */
function listSecondWays(flow: Flow, places: readonly ProtectedPlace[]): readonly SecondWay[] {
  const inQuery = places.map(({ endpoint, where }) => ({
    other: 'the query',
    where,
    ask: (token: string | null, access_token: string, note: string) =>
      flow.callApi(endpoint, token, { query: { access_token }, note }),
  }));
  const userinfo = places.find(({ where }) => where !== '');
  if (userinfo === undefined) return inQuery;
  const ask = (token: string | null, access_token: string, note: string) =>
    flow.send({
      method: 'POST',
      url: flow.endpoint('userinfo'),
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: new URLSearchParams({ access_token }).toString(),
      note,
    });
  return [...inQuery, { other: 'the form', where: userinfo.where, ask }];
}

interface SecondWay {
  readonly other: string;
  readonly where: string;
  /** Sends the first token in the header, null for none, and the second in the other place. */
  ask(header: string | null, second: string, note: string): Promise<Exchange>;
}

export const jwtForged = requirement({
  id: 'api-jwt-forged',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(8725, '3.1'), rfc(9068, '4')],
  needs: ['user', 'protected-endpoint'],
  statement: "A JWT that the server didn't sign doesn't work as an access token.",
  how:
    "The access token gets 200. Then sends JWTs with its claims (or the ID Token's, if access tokens are " +
    'opaque) and a later exp to the API and to userinfo: unsigned (alg none, None), signed with HS256 and ' +
    'the published key as the secret, and signed with RS256 and our own key, under the published kid and ' +
    'with that key in the header (jwk). Expects 4xx and none of the data. The access token still gets 200. ' +
    'Also tries no alg, RS256 with an empty signature, ES256 with a signature of zeros, and HS256 with an ' +
    "empty secret and with the client's secret.",
  hint: 'Configure the algorithm and the key, and never take them from the token.',
  async check(context) {
    const { flow, expect } = context;
    const { tokens, places } = await acceptedAtEachPlace(context);
    for (const { what, token } of await forgeTokens(flow, tokens)) {
      for (const { endpoint, where, control } of places) {
        const exchange = await flow.callApi(endpoint, token, { note: `${what}${where}` });
        expectBearerRefused(expect, exchange, { what: `${what}${where}`, control });
      }
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
  const unsigned = new UnsecuredJWT(claims).encode();
  const [, payload] = unsigned.split('.');
  const published = (await flow.publishedKeys()).find(({ kty }) => kty === 'RSA' || kty === 'EC');
  const kid = typeof published?.kid === 'string' ? { kid: published.kid } : {};
  const header = { typ: isJwt ? 'at+jwt' : 'JWT', ...kid };
  const signed = (alg: string, sign: (input: string) => string) => {
    const input = `${encodePart({ alg, ...header })}.${payload}`;
    return `${input}.${sign(input)}`;
  };
  const hmac = (secret: string) =>
    signed('HS256', (input) => createHmac('sha256', secret).update(input).digest('base64url'));
  const { client_secret } = tokens.client;
  const forged = [
    { what: 'an unsigned JWT', token: unsigned },
    {
      what: 'an unsigned JWT with alg None',
      token: `${encodePart({ alg: 'None', typ: 'JWT' })}.${payload}.`,
    },
    { what: 'an unsigned JWT with no alg', token: `${encodePart(header)}.${payload}.` },
    { what: 'a JWT with alg RS256 and an empty signature', token: signed('RS256', () => '') },
    { what: 'a JWT with alg ES256 and a signature of zeros', token: signed('ES256', () => NO_CURVE_POINT) },
    { what: 'a JWT signed with an empty secret', token: hmac('') },
    ...(client_secret === null
      ? []
      : [{ what: "a JWT signed with the client's secret", token: hmac(client_secret) }]),
  ];
  if (published === undefined) return forged;
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const sign = (more: Readonly<Record<string, unknown>>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header, ...more }).sign(privateKey);
  try {
    const pem = createPublicKey({ key: { ...published }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(new TextEncoder().encode(String(pem)));
    return [
      ...forged,
      { what: 'a JWT signed with the published key as a secret', token },
      { what: 'a JWT signed with another key', token: await sign({}) },
      { what: 'a JWT signed with the key in its header', token: await sign({ jwk, kid: undefined }) },
    ];
  } catch (error) {
    if (error instanceof TypeError) throw new NotTested('A published key cannot be read.');
    throw error;
  }
}

/** What a verification that doesn't look at the range of r and s takes for a signature by any key (CVE-2022-21449). */
const NO_CURVE_POINT = Buffer.alloc(64).toString('base64url');

const encodePart = (part: Readonly<Record<string, unknown>>): string =>
  Buffer.from(JSON.stringify(part)).toString('base64url');
