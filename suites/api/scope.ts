/** What a token may do: the scopes that were granted, and no more. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { acceptedToken, expectBearerRefused, type ProtectedPlace } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens } from '../steps/tokens.js';

interface ScopedAnswer extends ProtectedPlace {
  /** The answer to a token without the scope. */
  readonly exchange: Exchange;
}

/** What the user endpoint answers to a token without its scope and, if that's known too, the organization endpoint. */
async function requestWithoutScope({ flow, target }: CheckContext): Promise<readonly ScopedAnswer[]> {
  const { user, organization } = target.settings.apiEndpoints ?? {};
  if (user?.scope === undefined)
    throw new NotTested(
      'Which scope the endpoint needs is not known: add apiEndpoints.user.scope to the target file.',
    );
  const narrow = await flow.tokens({ scope: flow.minimalScope, note: 'openid alone' });
  // The server may grant a different scope from the one requested (RFC 6749 section 3.3).
  if (narrow.scope.split(' ').includes(user.scope))
    throw new NotTested(
      'A request for openid alone was granted the scope of the endpoint, so there is no token without it.',
    );
  const ask = async (endpoint: 'user' | 'organization', where: string): Promise<ScopedAnswer> => {
    const { control } = await acceptedToken(flow, endpoint);
    const note = `a token without the scope${where}`;
    // Issued after the control's token: a new grant may end an earlier one.
    const { access_token } = await flow.tokens({ scope: flow.minimalScope, note: 'openid alone, again' });
    // 401 is what a token gets that the server has not stored yet; its scope is judged after that.
    const exchange = await useFresh(
      () => flow.callApi(endpoint, access_token, { note }),
      ({ status }) => status !== 401,
    );
    return { endpoint, where, control, exchange };
  };
  const answers = [await ask('user', '')];
  if (organization?.scope === undefined || narrow.scope.split(' ').includes(organization.scope))
    return answers;
  const more = await nullOn(isUnavailable, () => ask('organization', ' at the organization endpoint'));
  return more === null ? answers : [...answers, more];
}

export const scopeEnforced = requirement({
  id: 'api-scope-enforced',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '7'), rfc(6750, '3.1'), polarDocs('Create an OAuth2 client')],
  needs: ['user', 'api-user-endpoint'],
  statement: "A token without an endpoint's scope gets nothing from it.",
  how:
    "A token with the endpoint's scope gets 200. Then sends a token of the same user and client for openid " +
    'only, to the user endpoint and, if its scope is known, to the organization endpoint. Expects 4xx and ' +
    'none of the data. api-insufficient-scope judges which status is right. ' +
    'The same for a token of a refresh for openid only, if the response says that it has less scope.',
  hint: "Compare the token's scopes with what the endpoint needs, on every request.",
  async check(context) {
    for (const { where, control, exchange } of await requestWithoutScope(context))
      expectBearerRefused(context.expect, exchange, { what: `a token without the scope${where}`, control });
    await judgeNarrowed(context);
  },
});

/** A refresh may give a token less than its grant has (RFC 6749 section 6). */
async function judgeNarrowed({ flow, expect, target }: CheckContext): Promise<void> {
  const needed = target.settings.apiEndpoints?.user?.scope;
  const accepted = await nullOn(isUnavailable, () => acceptedToken(flow, 'user', { offline: true }));
  if (accepted === null || needed === undefined) return;
  const { tokens, control } = accepted;
  const params = { scope: flow.minimalScope };
  const refreshed = await nullOn(isUnavailable, () =>
    refreshedTokens(flow, tokens, 'a refresh for openid alone', { params }),
  );
  const scope = refreshed?.exchange.string('scope') ?? flow.minimalScope;
  if (refreshed === null || parseScopes(scope).has(needed)) return;
  const what = 'a token of a refresh without the scope';
  const exchange = await useFresh(
    () => flow.callApi('user', refreshed.exchange.string('access_token'), { note: what }),
    ({ status }) => status !== 401,
  );
  expectBearerRefused(expect, exchange, { what, control });
}

export const insufficientScope = requirement({
  id: 'api-insufficient-scope',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6750, '3.1')],
  needs: ['user', 'api-user-endpoint'],
  statement: 'A missing scope gets 403 and insufficient_scope.',
  how:
    "A token with the endpoint's scope gets 200. Then sends a valid token without it, to the user endpoint " +
    'and, if its scope is known, to the organization endpoint. Expects 403 and WWW-Authenticate: Bearer ' +
    'with error="insufficient_scope". The scope parameter is optional.',
  hint: 'Answer 403 with WWW-Authenticate: Bearer error="insufficient_scope".',
  async check(context) {
    const { expect } = context;
    for (const { where, control, exchange } of await requestWithoutScope(context)) {
      const what = `a token without the scope${where}`;
      if (exchange.status === 200 && exchange.string('error') === null)
        throw new Blocked('apiScope', `The answer to ${what} has the status 200.`);
      expectBearerRefused(expect, exchange, { what, control, status: [403] });
      const message = `The refusal of ${what} has no challenge with insufficient_scope.`;
      expect.bearerChallenge(exchange, message, 'insufficient_scope');
    }
  },
});
