/** The endpoint that gives claims about the subject of an access token. */
import { decodeJwt } from 'jose';
import { type Exchange, isObject } from '../../fixtures/evidence/exchange.js';
import { capitalize } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { parseScopes } from '../steps/granted-scopes.js';

/** Claims whose presence in a refusal would mean that somebody's data leaked; `name` may name an error there. */
const CLAIMS = ['sub', 'email', 'preferred_username', 'given_name', 'family_name'] as const;
const JWT = 'application/jwt';
/** OpenID Connect Dynamic Client Registration 1.0 section 2. */
const JWT_METADATA = ['userinfo_signed_response_alg', 'userinfo_encrypted_response_alg'] as const;

/**
 * The claims of a response in either form. Blocked when there are none.
 * @param step what this response is, for its owner when there are none
 * @throws NotTested for an encrypted response, whose key is the client's
 */
function demandClaims(exchange: Exchange, step: Step = 'userinfo'): Readonly<Record<string, unknown>> {
  const body = exchange.json();
  if (exchange.status === 200 && isObject(body)) return body;
  if (exchange.status === 200 && exchange.mediaType === JWT) {
    const compact = exchange.response.body.trim();
    if (compact.split('.').length === 5)
      throw new NotTested('The userinfo response is encrypted for the client.');
    try {
      return decodeJwt(compact);
    } catch {
      // Not a JWT after all: below.
    }
  }
  throw new Blocked(step, `Userinfo answered ${exchange.status} without claims.`);
}

export const get = requirement({
  id: 'userinfo-get',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3'), oidcCore('5.3.1'), oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo answers GET with a bearer token by a JSON object.',
  how:
    'GET with an access token of the scope openid: 200, application/json and one object that fits the JSON Schema ' +
    'userinfo.json. application/jwt passes where the client registered a signed or encrypted response.',
  hint: 'Serve the claims with Content-Type: application/json, each standard claim with its type.',
  async check({ flow, expect, remark }) {
    const tokens = await flow.tokens();
    const exchange = await flow.userinfo(tokens.access_token);
    if (exchange.status === 200 && exchange.mediaType === JWT) {
      const registered = tokens.client.registration?.object();
      if (registered === undefined)
        throw new NotTested(
          'The response is a JWT, and it is not known whether the client is configured for one.',
        );
      if (JWT_METADATA.some((member) => typeof registered[member] === 'string')) {
        remark('The response is a JWT, as the client is registered for it.');
        expect.matchesSchema('userinfo', demandClaims(exchange), 'the userinfo response');
        return;
      }
    }
    const claims = expect.jsonObject(exchange, 'the userinfo response');
    expect.matchesSchema('userinfo', claims, 'the userinfo response');
    const empty = Object.keys(claims).filter((name) => claims[name] === null || claims[name] === '');
    if (empty.length > 0)
      remark(`${empty.join(', ')} should be left out rather than null or empty (section 5.3.2).`);
  },
});

export const sub = requirement({
  id: 'userinfo-sub',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'sub is there and equals that of the ID Token.',
  how: 'The sub of the userinfo response is a string, the same as in the ID Token of the same grant.',
  hint: 'Take sub in both places from the same identifier of the account.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const expected = flow.decodeIdToken(tokens).claims.sub;
    const { sub: received } = demandClaims(await flow.userinfo(tokens.access_token));
    expect.string(received, 'sub', 'the userinfo response');
    expect.same(received, expected, 'The sub of userinfo is not the one of the ID Token.');
  },
});

export const invalidToken = requirement({
  id: 'userinfo-invalid-token',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3.3'), rfc(6750, '3')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo refuses requests without a token and with an invalid one.',
  how:
    'With the valid token 200. Without Authorization header, with a random token, and with the real one after one ' +
    'character in its middle was changed: 4xx with a Bearer challenge, and no claims. The status 401 and the error code ' +
    'for a bad token are only recommended, and judged elsewhere.',
  hint: 'Look the token up and refuse when it is not there, with WWW-Authenticate: Bearer.',
  async check({ flow, expect, alter, remark }) {
    const { access_token } = await flow.tokens();
    demandClaims(await flow.userinfo(access_token, 'the control request'));
    const none = await flow.userinfo(null, 'without a token');
    judgeRefusal(expect, none, 'a request without a token');
    if (none.status !== 401)
      remark(`A request without a token was refused with ${none.status}, not with 401.`);
    const random = alter(access_token, 'random');
    judgeRefusal(expect, await flow.userinfo(random, 'a random token'), 'a random token');
    const altered = alter(access_token, 'middle');
    judgeRefusal(expect, await flow.userinfo(altered, 'one character changed'), 'an altered token');
    demandClaims(await flow.userinfo(access_token, 'the control request again'));
  },
});

/** A refusal that tells nothing and has a challenge (RFC 6750 section 3). */
function judgeRefusal(expect: Expect, exchange: Exchange, what: string): void {
  const subject = capitalize(what);
  const found = CLAIMS.filter((claim) => claim in exchange.object());
  expect.none(found, `${subject} was answered with claims.`, 'a refusal without claims');
  expect.clientError(exchange, `${subject} was not refused.`);
  expect.bearerChallenge(exchange, `${subject} was refused without a Bearer challenge.`);
}

export const post = requirement({
  id: 'userinfo-post',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.3')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo answers POST with a bearer token in the header.',
  how:
    'GET gives claims. POST with Content-Length: 0, no Content-Type and the same Authorization header: 200, and the ' +
    'sub that GET gives. If that is answered with 411 or 415, an empty body of the type ' +
    'application/x-www-form-urlencoded decides.',
  hint: 'Serve userinfo by POST as by GET; the token is in the header, so the body may be empty.',
  async check({ flow, expect, remark }) {
    const { access_token } = await flow.tokens();
    const { sub: expected } = demandClaims(await flow.userinfo(access_token, 'the control request, by GET'));
    const request = {
      method: 'POST',
      url: flow.endpoint('userinfo'),
      headers: { authorization: `Bearer ${access_token}` },
      note: 'userinfo by POST',
    };
    let exchange = await flow.send(request);
    if (exchange.status === 411 || exchange.status === 415) {
      remark(`A POST without Content-Type was answered with ${exchange.status}.`);
      const headers = { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' };
      exchange = await flow.send({ ...request, headers, note: 'userinfo by POST of an empty form' });
    }
    expect.status(exchange, 200, 'userinfo by POST');
    const { sub: received } = demandClaims(exchange, 'userinfoPost');
    expect.same(received, expected, 'Userinfo tells another sub by POST than by GET.');
  },
});

export const noEmailWithoutScope = requirement({
  id: 'userinfo-no-email-without-scope',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), oidcCore('5.4')],
  needs: ['userinfo', 'user'],
  statement: 'Without the email scope no e-mail address is disclosed.',
  how:
    'With a token of the scope openid alone neither userinfo nor the ID Token has email. With one of openid and ' +
    'email it is there, in one of them; where even that shows none, nothing was withheld and the rule is not ' +
    'applicable. Where registration is open, the client is the check’s own, so that nothing was allowed before.',
  hint: 'Add a claim only where the access token has the scope that asks for it.',
  async check({ flow, expect }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    const narrow = await flow.tokens({ client, scope: flow.minimalScope });
    if (parseScopes(narrow.scope).has('email')) {
      throw new NotTested('The server granted email though openid alone was asked for.');
    }
    const places = await findEmail(flow, narrow);
    const wide = await flow.tokens({ client, scope: `${flow.minimalScope} email` });
    expect.none(
      places,
      'An e-mail address is disclosed without the scope email.',
      'no email at userinfo and in the ID Token',
    );
    if ((await findEmail(flow, wide)).length === 0) {
      throw new NotApplicable('The server shows no e-mail address even with the scope email.');
    }
  },
});

/** @returns where an e-mail address is shown */
async function findEmail(flow: Flow, tokens: TokenSet): Promise<readonly string[]> {
  const { email } = demandClaims(
    await flow.userinfo(tokens.access_token, `userinfo of scope ${tokens.scope}`),
  );
  const inIdToken = tokens.id_token === null ? undefined : flow.decodeIdToken(tokens).claims.email;
  return [
    ...(typeof email === 'string' ? ['at userinfo'] : []),
    ...(typeof inIdToken === 'string' ? ['in the ID Token'] : []),
  ];
}
