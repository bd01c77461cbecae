/** Requests without a good token, and what they are told. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { acceptedToken, demandAccepted, expectBearerRefused } from '../steps/bearer-requests.js';
import { accessTokenLifetime, LATE_SECONDS } from '../steps/lifetimes.js';

export const missingToken = requirement({
  id: 'api-missing-token',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '3'), rfc(9110, '15.5.2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A request without a token is challenged.',
  how:
    'With a token 200. Without Authorization header: 401 with a WWW-Authenticate header that offers Bearer (other ' +
    'schemes may stand beside it), and none of the data.',
  hint: 'Answer 401 with WWW-Authenticate: Bearer when no token came.',
  async check({ flow, expect }) {
    const { control } = await acceptedToken(flow, 'protected');
    const exchange = await flow.callApi('protected', null, { note: 'without a token' });
    expectBearerRefused(expect, exchange, {
      what: 'a request without a token',
      control,
      status: [401],
      challenge: true,
    });
  },
});

export const invalidToken = requirement({
  id: 'api-invalid-token',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '7'), rfc(6750, '3')],
  needs: ['user', 'protected-endpoint'],
  statement: 'An unknown or altered token is refused and challenged.',
  how:
    'With the real token 200. A random one of the same form, and the real one after a character in its middle was ' +
    'changed: 4xx with a Bearer challenge and none of the data. The real one still gives 200.',
  hint: 'Refuse every token that is not found, whatever it looks like.',
  async check({ flow, expect, alter }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    for (const [what, token] of badTokens(tokens.access_token, alter)) {
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
  statement: 'A bad token is reported as 401 with the error code invalid_token.',
  how: 'With the real token 200. A random one, and an altered one: 401, and the Bearer challenge has error="invalid_token".',
  hint: 'Name the error in the challenge: WWW-Authenticate: Bearer error="invalid_token".',
  async check({ flow, expect, alter }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    for (const [what, token] of badTokens(tokens.access_token, alter)) {
      const exchange = await flow.callApi('protected', token, { note: what });
      expectBearerRefused(expect, exchange, { what, control, status: [401] });
      const message = 'The challenge for a bad token does not have the error invalid_token.';
      expect.bearerChallenge(exchange, message, 'invalid_token');
    }
  },
});

export const expiredToken = requirement({
  id: 'api-expired-token',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '7'), rfc(6750, '3.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'An expired access token is refused.',
  how:
    'A fresh token gives 200. When expires_in of the token response (else the lifetime of the target file) and five ' +
    'seconds have passed for it: 4xx and none of the data. A fresh token gives 200 at that moment.',
  hint: 'Compare the time of issue and the lifetime with the clock at every request.',
  waits: true,
  async check({ flow, expect, time, target }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    const lifetime = accessTokenLifetime(tokens, target);
    await time.advance(lifetime + LATE_SECONDS, tokens.access_token, 'the access token');
    const exchange = await flow.callApi('protected', tokens.access_token, { note: 'after its lifetime' });
    expectBearerRefused(expect, exchange, { what: 'an expired access token', control });
    await acceptedToken(flow, 'protected');
  },
});

export const malformedHeader = requirement({
  id: 'api-malformed-header',
  // Section 3.1 has SHOULD for the status, and no keyword forbids a server to read more forms than it has to.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1'), rfc(9110, '15.5.2')],
  needs: ['user', 'protected-endpoint'],
  statement: 'Malformed Authorization headers are refused.',
  how:
    'With “Bearer” and the token 200. In turn “Bearer” alone, “Bearer ,”, the token with the scheme Basic, the token ' +
    'without a scheme, and a token of bytes beyond ASCII: 4xx and none of the data. A token followed by a further word ' +
    'may be accepted, and is noted.',
  hint: 'Take a token only from the form “Bearer”, space, token; refuse everything else with 400 or 401.',
  async check({ flow, expect, remark }) {
    const { tokens, control } = await acceptedToken(flow, 'protected');
    const { access_token } = tokens;
    const headers: readonly (readonly [string, string])[] = [
      ['the scheme Bearer without a token', 'Bearer'],
      ['the scheme Bearer with a comma', 'Bearer ,'],
      ['the token with the scheme Basic', `Basic ${access_token}`],
      ['the token without a scheme', access_token],
      ['a token of bytes beyond ASCII', 'Bearer \u00e9\u00ff\u00fe\u00e9'],
    ];
    for (const [what, authorization] of headers) {
      const exchange = await flow.callApi('protected', null, { authorization, note: what });
      expectBearerRefused(expect, exchange, { what, control });
    }
    const authorization = `Bearer ${access_token} x`;
    const more = await flow.callApi('protected', null, {
      authorization,
      note: 'a further word after the token',
    });
    if (more.status === 200) remark('A token that is followed by a further word is accepted.');
    await demandAccepted(flow, 'protected', access_token, 'the control request again');
  },
});

export const queryToken = requirement({
  id: 'api-query-token',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9700, '4.3.2'), polarDocs('Make authenticated requests')],
  needs: ['user', 'api-user-endpoint'],
  statement: 'A token in the query string is not accepted.',
  how: 'In the header 200. The same token as access_token in the query, without header: 401 or 400, none of the data.',
  hint: 'Read tokens from the Authorization header alone: query strings end up in logs.',
  async check({ flow, expect }) {
    const { tokens, control } = await acceptedToken(flow, 'user');
    const query = { access_token: tokens.access_token };
    const exchange: Exchange = await flow.callApi('user', null, { query, note: 'the token in the query' });
    expectBearerRefused(expect, exchange, {
      what: 'a token in the query string',
      control,
      status: [400, 401],
    });
  },
});

/** Tokens of the form of a good one that the server has not issued, each with its name in a sentence. */
function badTokens(
  token: string,
  alter: CheckContext['alter'],
): readonly (readonly [what: string, token: string])[] {
  return [
    ['a random token', alterToken(token, 'random', alter)],
    ['an altered token', alterToken(token, 'middle', alter)],
  ];
}

/**
 * JWTs are altered in the middle of the signature: its last characters may be padding bits, and a changed claim may
 * be refused for another reason.
 */
function alterToken(
  token: string,
  how: 'random' | 'middle',
  alter: (secret: string, how: 'random' | 'middle') => string,
): string {
  const parts = token.split('.');
  const last = parts.at(-1);
  if (parts.length !== 3 || last === undefined) return alter(token, how);
  return [...parts.slice(0, -1), alter(last, how)].join('.');
}
