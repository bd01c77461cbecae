/** The chapter on the endpoint that gives claims about the subject of an access token. */
import type { Exchange } from '../fixtures/evidence/exchange.js';
import type { Expect } from '../fixtures/judgement/expect.js';
import { chapter, requirement } from './requirement.js';
import { oidcCore, rfc } from './sources.js';

/** Claims whose presence in a refusal would mean that somebody's data leaked. */
const CLAIMS = ['sub', 'email', 'name', 'preferred_username'] as const;

const get = requirement({
  id: 'userinfo-get',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('5.3'), oidcCore('5.3.1'), oidcCore('5.3.2')],
  needs: ['userinfo', 'person'],
  statement: 'Userinfo answers GET with a bearer token by a JSON object.',
  how:
    'GET with an access token of the scope openid: 200, application/json and one object that fits the JSON Schema ' +
    'userinfo.json. application/jwt passes where the client registered a signed or encrypted response.',
  next: 'Serve the claims with Content-Type: application/json, each standard claim with its type.',
  async check({ flow, expect, remark }) {
    const tokens = await flow.tokens();
    const exchange = await flow.userinfo(tokens.access_token);
    const registered = tokens.client.registration?.object() ?? {};
    if (exchange.mediaType === 'application/jwt' && 'userinfo_signed_response_alg' in registered) {
      expect.status(exchange, 200, 'the userinfo response');
      remark('The response is a JWT, as the client is registered for it.');
      return;
    }
    const claims = expect.jsonObject(exchange, 'the userinfo response');
    expect.schema('userinfo', claims, 'the userinfo response');
  },
});

const sub = requirement({
  id: 'userinfo-sub',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('5.3.2')],
  needs: ['userinfo', 'person'],
  statement: 'sub is there and equals that of the ID Token.',
  how: 'The sub of the userinfo response is a string, the same as in the ID Token of the same grant.',
  next: 'Take sub in both places from the same identifier of the account.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const expected = flow.idToken(tokens).claims.sub;
    const { sub: received } = (await flow.userinfo(tokens.access_token)).object();
    expect.that(typeof received === 'string', 'The userinfo response has no sub.', {
      expected: 'sub, a string',
      received: received === undefined ? 'no sub' : `sub of type ${typeof received}`,
    });
    expect.that(received === expected, 'The sub of userinfo is not the one of the ID Token.', {
      expected: String(expected),
      received: String(received),
    });
  },
});

const invalidToken = requirement({
  id: 'userinfo-invalid-token',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('5.3.3'), rfc(6750, '3')],
  needs: ['userinfo', 'person'],
  statement: 'Userinfo refuses requests without a token and with an invalid one.',
  how:
    'With the valid token 200. Without Authorization header: 401 with a Bearer challenge. With a random token, and with ' +
    'the real one after one character in its middle was changed: 4xx with a Bearer challenge. No claims in any of them. ' +
    'The status 401 and the error code for a bad token are judged elsewhere.',
  next: 'Look the token up and refuse when it is not there, with WWW-Authenticate: Bearer.',
  async check({ flow, expect, alter }) {
    const { access_token } = await flow.tokens();
    const valid = await flow.userinfo(access_token, 'the valid twin');
    expect.status(valid, 200, 'a valid access token');
    refused(expect, await flow.userinfo(null, 'without a token'), 'a request without a token', [401, 401]);
    const random = alter(access_token, 'random');
    refused(expect, await flow.userinfo(random, 'a random token'), 'a random token', [400, 499]);
    const altered = alter(access_token, 'middle');
    refused(expect, await flow.userinfo(altered, 'one character changed'), 'an altered token', [400, 499]);
    expect.status(await flow.userinfo(access_token, 'the valid twin again'), 200, 'a valid access token');
  },
});

function refused(
  expect: Expect,
  exchange: Exchange,
  what: string,
  [from, to]: readonly [number, number],
): void {
  const found = CLAIMS.filter((claim) => claim in exchange.object());
  const capital = what.charAt(0).toUpperCase() + what.slice(1);
  expect.that(exchange.status >= 300 || found.length === 0, `${capital} was answered with claims.`, {
    expected: 'a refusal without claims',
    received: `${exchange.status} with ${found.join(', ')}`,
  });
  expect.that(
    exchange.status >= from && exchange.status <= to,
    `${capital} was answered with ${exchange.status}.`,
    {
      expected: from === to ? `status ${from}` : 'a status from 400 to 499',
      received: `status ${exchange.status}`,
    },
  );
  const challenge = exchange.header('www-authenticate');
  expect.that(
    /(^|,\s*)Bearer\b/i.test(challenge ?? ''),
    `${capital} was refused without a Bearer challenge.`,
    {
      expected: 'WWW-Authenticate: Bearer',
      received: challenge ?? 'no WWW-Authenticate',
    },
  );
}

export const userinfo = chapter({
  id: 'userinfo',
  title: 'UserInfo',
  story:
    'The application wants to greet Alice by her name. It asks userinfo with its access token and gets the claims that ' +
    'the granted scopes stand for, about the same subject as in the ID Token. Whoever comes without a good token is ' +
    'sent away with a challenge and learns nothing.',
  requirements: [get, sub, invalidToken],
});
