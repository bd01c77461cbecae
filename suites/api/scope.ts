/** What a token may do: the scopes that were granted, and no more. */
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { acceptedToken, expectBearerRefused } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';

/** The answers to a token with the scope and to one without. */
async function requestWithAndWithoutScope({ flow, target }: CheckContext) {
  if (target.settings.apiEndpoints?.user?.scope === undefined) {
    throw new NotTested(
      'Which scope the endpoint needs is not known: add apiEndpoints.user.scope to the target file.',
    );
  }
  const { control } = await acceptedToken(flow, 'user');
  const narrow = await flow.tokens({ scope: flow.minimalScope, note: 'openid alone' });
  if (narrow.scope.split(' ').includes(target.settings.apiEndpoints.user.scope)) {
    // The server may grant another scope than was asked for (RFC 6749 section 3.3).
    throw new NotTested(
      'A request for openid alone was granted the scope of the endpoint, so there is no token without it.',
    );
  }
  // 401 is what a token gets that the server has not stored yet; its scope is judged after that.
  const exchange = await useFresh(
    () => flow.callApi('user', narrow.access_token, { note: 'a token without the scope' }),
    ({ status }) => status !== 401,
  );
  return { control, exchange };
}

export const scopeEnforced = requirement({
  id: 'api-scope-enforced',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '7'), rfc(6750, '3.1'), polarDocs('Create an OAuth2 client')],
  needs: ['user', 'api-user-endpoint'],
  statement: 'A token without the scope of an endpoint gets nothing from it.',
  how:
    'A token with the scope of the endpoint gives 200. A token of the same user and client for openid alone: 4xx and ' +
    'none of the data. Which status is the right one is judged by api-insufficient-scope.',
  hint: 'Compare the scopes of the token with what the endpoint needs, at every request.',
  async check(context) {
    const { control, exchange } = await requestWithAndWithoutScope(context);
    expectBearerRefused(context.expect, exchange, { what: 'a token without the scope', control });
  },
});

export const insufficientScope = requirement({
  id: 'api-insufficient-scope',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1')],
  needs: ['user', 'api-user-endpoint'],
  statement: 'Missing scope is reported as 403 insufficient_scope.',
  how:
    'A token with the scope of the endpoint gives 200. A good token without it: 403, and WWW-Authenticate: Bearer with ' +
    'error="insufficient_scope"; the parameter scope is optional.',
  hint: 'Answer 403 with WWW-Authenticate: Bearer error="insufficient_scope".',
  async check(context) {
    const { control, exchange } = await requestWithAndWithoutScope(context);
    const { expect } = context;
    if (exchange.status === 200)
      throw new Blocked('apiScope', 'A token without the scope was answered with status 200.');
    expectBearerRefused(expect, exchange, { what: 'a token without the scope', control, status: [403] });
    const message = 'The refusal of a token without the scope has no challenge with insufficient_scope.';
    expect.bearerChallenge(exchange, message, 'insufficient_scope');
  },
});
