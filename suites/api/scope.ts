import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { type CheckContext, requirement } from '../requirement.js';
import { polarDocs, rfc } from '../sources.js';
import { accepted, demandRefused } from './access.js';

/** The answers to a token with the scope and to one without. */
async function bothAnswers({ flow, target }: CheckContext) {
  if (target.settings.endpoints?.user?.scope === undefined) {
    throw new NotTested(
      'Which scope the endpoint needs is not known: add endpoints.user.scope to the target file.',
    );
  }
  const { control } = await accepted(flow, 'user');
  const narrow = await flow.tokens({ scope: flow.narrow, note: 'openid alone' });
  if (narrow.scope.split(' ').includes(target.settings.endpoints.user.scope)) {
    // The server may grant another scope than was asked for (RFC 6749 section 3.3).
    throw new NotTested(
      'A request for openid alone was granted the scope of the endpoint, so there is no token without it.',
    );
  }
  const exchange = await flow.api('user', narrow.access_token, { note: 'a token without the scope' });
  return { control, exchange };
}

export const scopeEnforced = requirement({
  id: 'api-scope-enforced',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '7'), rfc(6750, '3.1'), polarDocs('Create an OAuth2 client')],
  needs: ['person', 'api-user-endpoint'],
  statement: 'A token without the scope of an endpoint gets nothing from it.',
  how:
    'A token with the scope of the endpoint gives 200. A token of the same person and client for openid alone: 4xx and ' +
    'none of the data. Which status is the right one is judged by api-insufficient-scope.',
  next: 'Compare the scopes of the token with what the endpoint needs, at every request.',
  async check(context) {
    const { control, exchange } = await bothAnswers(context);
    demandRefused(context.expect, exchange, { what: 'a token without the scope', control });
  },
});

export const insufficientScope = requirement({
  id: 'api-insufficient-scope',
  level: 'SHOULD',
  profile: 'oidc',
  source: [rfc(6750, '3.1')],
  needs: ['person', 'api-user-endpoint'],
  statement: 'Missing scope is reported as 403 insufficient_scope.',
  how:
    'A token with the scope of the endpoint gives 200. A good token without it: 403, and WWW-Authenticate: Bearer with ' +
    'error="insufficient_scope"; the parameter scope is optional.',
  next: 'Answer 403 with WWW-Authenticate: Bearer error="insufficient_scope".',
  async check(context) {
    const { control, exchange } = await bothAnswers(context);
    const { expect } = context;
    if (exchange.status === 200)
      throw new Blocked('apiScope', 'A token without the scope was answered with status 200.');
    demandRefused(expect, exchange, { what: 'a token without the scope', control, status: [403] });
    const message = 'The refusal of a token without the scope has no challenge with insufficient_scope.';
    expect.bearerChallenge(exchange, message, 'insufficient_scope');
  },
});
