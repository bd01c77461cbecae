/** Requests without a good token, and what they are told. */
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  acceptedAtEachPlace,
  acceptedToken,
  demandAccepted,
  expectBearerRefused,
} from '../steps/bearer-requests.js';
import { ownClientForEndpoint } from '../steps/clients.js';
import { accessTokenLifetime, LATE_SECONDS } from '../steps/lifetimes.js';
import { isMissing, isNotTested, nullOn } from '../steps/signals.js';
import { waitUntil } from '../steps/wait-until.js';

export const missingToken = requirement({
  id: 'api-missing-token',
  level: 'MUST',
  levelReason:
    "The challenge is a MUST. A 403 would say that credentials don't help, and no client would ask for a " +
    'token.',
  profile: 'oauth',
  clauses: [rfc(6750, '3'), rfc(9110, '15.5.2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A request with no token gets a challenge.',
  how:
    'A token gets 200. Then sends no Authorization header. Expects 401, WWW-Authenticate with Bearer ' +
    '(other schemes may be there too), and none of the data. ' +
    'The same for a second page (page=2), if a token gets one. Expects HEAD with no token to get a status ' +
    'from 400.',
  hint: 'Answer a request with no token with 401 and WWW-Authenticate: Bearer.',
  async check({ flow, expect }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    const exchange = await flow.callApi('protected', null, { note: 'without a token' });
    const refusal = { control, status: [401], challenge: true };
    expectBearerRefused(expect, exchange, { ...refusal, what: 'a request without a token' });
    const query = { page: '2' };
    const more = { query, note: 'the control: a second page' };
    if ((await flow.callApi('protected', tokens.access_token, more)).status === 200) {
      const what = 'a request for a second page without a token';
      const second = await flow.callApi('protected', null, { query, note: what });
      expectBearerRefused(expect, second, { ...refusal, what });
    }
    if (control.request.method !== 'GET') return;
    const head = await flow.send({ method: 'HEAD', url: control.request.url, note: 'HEAD without a token' });
    expect.that(head.status >= 400, 'HEAD without a token is not refused.', {
      expected: 'a status from 400',
      received: `status ${head.status}`,
      exchange: head,
    });
  },
});

export const invalidToken = requirement({
  id: 'api-invalid-token',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '7'), rfc(6750, '3')],
  needs: ['user', 'protected-endpoint'],
  statement: 'An unknown or altered token is refused with a challenge.',
  how:
    'The real token gets 200. Then sends a random one of the same form, and the real one with a character ' +
    'changed in its middle, with its letters in the other case, one character longer and one shorter. ' +
    'Expects 4xx with a Bearer challenge and none of the data. The real one still gets 200.',
  hint: "Refuse every token that isn't found, and compare tokens byte for byte.",
  async check({ flow, expect, alter }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    for (const [what, token] of alteredTokens(tokens.access_token, alter)) {
      const exchange = await flow.callApi('protected', token, { note: what });
      expectBearerRefused(expect, exchange, { what, control, challenge: true });
    }
    await demandAccepted(flow, 'protected', tokens.access_token, 'the control request again');
  },
});

export const invalidTokenError = requirement({
  id: 'api-invalid-token-error',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3'), rfc(6750, '3.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A bad token gets 401 with the error code invalid_token.',
  how:
    'The real token gets 200. Then sends a random one and an altered one, at the API and at userinfo. ' +
    'Expects 401 and a Bearer challenge with error="invalid_token". ' +
    'The same for a revoked token, if the server revokes access tokens, and for an expired one, if the ' +
    'target can make one older or the wait is allowed.',
  hint: 'Name the error in the challenge: WWW-Authenticate: Bearer error="invalid_token".',
  waits: true,
  async check(context) {
    const { flow, expect, alter, time, target, remark } = context;
    const { tokens, places } = await acceptedAtEachPlace(context);
    const { access_token } = tokens;
    const judge = async (name: string, token: string) => {
      for (const { endpoint, where, control } of places) {
        const what = `${name}${where}`;
        const exchange = await flow.callApi(endpoint, token, { note: what });
        expectBearerRefused(expect, exchange, { what, control, status: [401] });
        const message = `The challenge for ${what} does not have the error invalid_token.`;
        expect.bearerChallenge(exchange, message, 'invalid_token');
      }
    };
    for (const [name, token] of alteredTokens(access_token, alter).slice(0, 2)) await judge(name, token);
    const revoked = await nullOn(isMissing, () => revokedToken(context));
    if (revoked !== null) await judge('a revoked token', revoked);
    const seconds = await nullOn(isNotTested, async () => {
      const lifetime = accessTokenLifetime(tokens, target) + LATE_SECONDS;
      await time.advance(lifetime, access_token, 'the access token');
      return lifetime;
    });
    if (seconds === null) return remark('No expired token was looked at, as none could expire.');
    await judge('an expired token', access_token);
  },
});

/** @returns an access token that was accepted and is revoked; revoke-access-token judges one that still works */
async function revokedToken({ flow, target, pause }: CheckContext): Promise<string> {
  const client = await ownClientForEndpoint(flow, 'revocation');
  const { tokens, places } = await acceptedAtEachPlace({ flow, target }, { client });
  const { access_token } = tokens;
  const answer = await flow.revoke(access_token, { auth: { client }, note: 'the token is revoked' });
  for (const { endpoint } of places) {
    const look = () => flow.callApi(endpoint, access_token, { note: 'whether it has ended' });
    const { status } = await waitUntil(look, (exchange) => exchange.status !== 200, pause);
    if (status !== 200) continue;
    throw new NotTested(`The revocation was answered with ${answer.status}, and the token still works.`);
  }
  return access_token;
}

export const expiredToken = requirement({
  id: 'api-expired-token',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '7'), rfc(6750, '3.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'An expired access token is refused.',
  how:
    "A fresh token gets 200. When its expires_in (or the target file's lifetime) and five more seconds " +
    'have passed, sends it to the API and to userinfo. Expects 4xx and none of the data. A fresh token ' +
    'still gets 200. ' +
    'Expects a Bearer challenge too.',
  hint: 'Compare the time of issue and the lifetime with the clock on every request.',
  waits: true,
  async check(context) {
    const { flow, expect, time, target } = context;
    const { tokens, places } = await acceptedAtEachPlace(context);
    const lifetime = accessTokenLifetime(tokens, target);
    await time.advance(lifetime + LATE_SECONDS, tokens.access_token, 'the access token');
    for (const { endpoint, where, control } of places) {
      const note = `after its lifetime${where}`;
      const exchange = await flow.callApi(endpoint, tokens.access_token, { note });
      const what = `an expired access token${where}`;
      expectBearerRefused(expect, exchange, { what, control, challenge: true });
    }
    await acceptedToken(flow, 'protected');
  },
});

const LONG = 4_000;

export const malformedHeader = requirement({
  id: 'api-malformed-header',
  level: 'SHOULD',
  levelReason:
    'Section 3.1 has SHOULD for the status, and no keyword stops a server from reading more forms than it ' +
    'has to.',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1'), rfc(9110, '15.5.2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'Malformed Authorization headers are refused.',
  how:
    'Bearer and the token get 200. Then, at the API and at userinfo: Bearer alone, Bearer with a comma, ' +
    'the token with the scheme Basic, with no scheme, in quotes and as a parameter, a token of non-ASCII ' +
    'bytes, one with a percent-encoded NUL, and one of 4,000 characters. Expects 4xx and none of the data, ' +
    'or a closed connection. Remarks on a server that accepts a token followed by another word.',
  hint: 'Accept only Bearer, a space and the token; answer everything else with 400 or 401.',
  async check(context) {
    const { flow, expect, remark } = context;
    const { tokens, places } = await acceptedAtEachPlace(context);
    const { access_token } = tokens;
    const values: readonly (readonly [string, string])[] = [
      ['the scheme Bearer without a token', 'Bearer'],
      ['the scheme Bearer with a comma', 'Bearer ,'],
      ['the token with the scheme Basic', `Basic ${access_token}`],
      ['the token without a scheme', access_token],
      ['the token in quotes', `Bearer "${access_token}"`],
      ['the token as a parameter', `Bearer access_token="${access_token}"`],
      ['a token of non-ASCII bytes', 'Bearer \u00e9\u00ff\u00fe\u00e9'],
      ['a token with a percent-encoded NUL', 'Bearer a%00b'],
      ['a token of 4,000 characters', `Bearer ${'x'.repeat(LONG)}`],
    ];
    for (const { where, control } of places) {
      for (const [name, authorization] of values) {
        const what = `${name}${where}`;
        const { url, method } = control.request;
        const headers = { accept: 'application/json', authorization };
        // On a bare socket, since a server may close the connection instead.
        const { closed, exchange } = await flow.sendRaw({ url, method, headers, note: what });
        if (!closed) expectBearerRefused(expect, exchange, { what, control });
      }
    }
    const more = { authorization: `Bearer ${access_token} x`, note: 'another word after the token' };
    if ((await flow.callApi('protected', null, more)).status === 200)
      remark('The API accepts a token followed by another word.');
    await demandAccepted(flow, 'protected', access_token, 'the control request again');
  },
});

export const queryToken = requirement({
  id: 'api-query-token',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9700, '4.3.2'), polarDocs('Make authenticated requests')],
  needs: ['user', 'api-user-endpoint'],
  statement: "The API doesn't accept a token in the query string.",
  how:
    'In the header, the token gets 200. Then sends it as access_token in the query, with no header. ' +
    'Expects 400 or 401 and none of the data.',
  hint: 'Read tokens only from the Authorization header: query strings end up in logs.',
  async check({ flow, expect }) {
    const { tokens, control } = await acceptedToken(flow, 'user');
    const query = { access_token: tokens.access_token };
    const exchange = await flow.callApi('user', null, { query, note: 'the token in the query' });
    expectBearerRefused(expect, exchange, {
      what: 'a token in the query string',
      control,
      status: [400, 401],
    });
  },
});

const ALTERATIONS = [
  ['a random token', 'random'],
  ['an altered token', 'middle'],
  ['a token with its letters in the other case', 'case'],
  ['a token with one more character', 'longer'],
  ['a token with one character less', 'shorter'],
] as const;

/**
 * Tokens of the form of a good one that the server has not issued, each with its name in a sentence. JWTs are altered in
 * their signature, and only in its middle: its last characters may be padding bits, and a changed claim may be refused
 * for another reason.
 */
function alteredTokens(
  token: string,
  alter: CheckContext['alter'],
): readonly (readonly [what: string, token: string])[] {
  const parts = token.split('.');
  const isJwt = parts.length === 3;
  const head = isJwt ? `${parts[0]}.${parts[1]}.` : '';
  const ways = isJwt ? ALTERATIONS.slice(0, 2) : ALTERATIONS;
  return ways
    .map(([what, how]) => [what, head + alter(token.slice(head.length), how)] as const)
    .filter(([, altered]) => altered !== token);
}
