/** What an organization's token is worth: that organization, and nothing else. */
import { describeExchange, hasTokens, quote } from '../../fixtures/expect/describe.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { Client, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { demandAccepted } from '../steps/bearer-requests.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { judgeState } from '../steps/state.js';
import { findIdTokenError } from '../steps/strict-id-token.js';
import { refreshedTokens } from '../steps/tokens.js';
import {
  demandOrganizationShown,
  fetchOrganization,
  organizationRequest,
  showsOrganization,
  twoOrganizations,
  userTokens,
  whoAsks,
} from './organizations.js';

const source = polarDocs('User VS Organization access tokens');

/** The control: what is wrong with all ID Tokens is judged by the chapter idtoken. */
async function acceptsIdTokens(flow: Flow): Promise<boolean> {
  const code = await flow.code();
  const exchange = await flow.exchangeCode(code, { note: 'the control: tokens of the user' });
  return (await findIdTokenError(flow, code, exchange)) === null;
}

export const token = requirement({
  id: 'org-token',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page', 'api-org-endpoint'],
  statement: 'The rest of the flow is the same and gives a token that organization endpoints accept.',
  how:
    'The user chooses an organization and allows, and the code is exchanged. Expects 200 with a token ' +
    'response, and an organization endpoint that answers 200 and shows that organization.' +
    ' Chooses the second organization, and expects the state with the code. A strict client library that ' +
    'accepts the ID Token of a user accepts that of the organization, if there is one.',
  hint: "Issue the token for the chosen organization, and have the API's endpoints accept that kind of token.",
  async check({ flow, expect, target }) {
    // The second one: a server that takes the first whatever was chosen is found out.
    const [, chosen] = twoOrganizations(target);
    const { client, params } = await whoAsks(flow);
    const note = `for the organization ${chosen.name}`;
    const answer = await flow.authorize(organizationRequest(flow, client, chosen, { note, params }));
    const code = expect.issuedCode(answer, 'An authorization for an organization gave no code.');
    judgeState(expect, code.outcome, 'the answer to an authorization for an organization');
    const exchange = await flow.exchangeCode(code);
    if (!hasTokens(exchange)) await exchangeFreshCode(flow, {});
    const body = expect.jsonObject(exchange, 'the exchange of a code for an organization');
    expect.matchesSchema('token', body, 'the token response for an organization', exchange);
    if (exchange.string('id_token') !== null && (await acceptsIdTokens(flow))) {
      const refusal = await findIdTokenError(flow, code, exchange);
      const refused = 'A strict client refuses the ID Token of an organization, and accepts that of a user.';
      expect.none(refusal, refused, 'an ID Token that oauth4webapi accepts', exchange);
    }
    const access_token = exchange.string('access_token') ?? '';
    const shown = await fetchOrganization(flow, access_token, chosen, 'the chosen organization');
    expect.status(shown, 200, 'an organization endpoint asked with an organization token');
    const message = 'The organization endpoint does not show the chosen organization.';
    expect.that(showsOrganization(shown, chosen), message, {
      expected: `the organization ${chosen.name}`,
      received: describeExchange(shown),
      exchange: shown,
    });
  },
});

/** The token shows its own organization, and refuses or hides the other. */
async function demandBound(
  { flow, expect, target }: CheckContext,
  { access_token }: Pick<TokenSet, 'access_token'>,
  what: string,
): Promise<void> {
  const [own, other] = twoOrganizations(target);
  const shown = await fetchOrganization(flow, access_token, own, 'its own organization');
  demandOrganizationShown(shown, own, what, 'organizationTokens');
  const note = 'the other organization';
  const beyond = await flow.callApi('organization', access_token, { organization: other.id, note });
  expect.that(!showsOrganization(beyond, other), `${what} reaches another organization of the user.`, {
    expected: 'a refusal, 404, or an empty list',
    received: describeExchange(beyond),
    exchange: beyond,
  });
}

export const bound = requirement({
  id: 'org-bound',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page', 'api-org-endpoint'],
  statement: 'An organization token reaches no other organization.',
  how:
    'The user belongs to two organizations. With a token for the first, expects the organization endpoint ' +
    "to show the first, and 401, 403, 404 or an empty list for the second. The user's own token, with the " +
    'same scopes, shows the second.',
  hint: "Filter by the token's organization, not by the memberships of the user who chose it.",
  async check(context) {
    const { flow, target } = context;
    const [own, other] = twoOrganizations(target);
    const { client, params } = await whoAsks(flow);
    const { access_token } = await userTokens(flow, client);
    const note = 'the control: a user token at the other organization';
    const seen = await fetchOrganization(flow, access_token, other, note);
    demandOrganizationShown(seen, other, 'The token of the user', 'apiRequest');
    const tokens = await flow.organizationTokens(own.name, { client, params });
    await demandBound(context, tokens, 'A token for one organization');
  },
});

export const refresh = requirement({
  id: 'org-refresh',
  level: 'MUST',
  profile: 'polar',
  clauses: [source, rfc(6749, '6')],
  needs: ['organization', 'user', 'page', 'refresh', 'api-org-endpoint', 'api-user-endpoint'],
  statement: 'A refreshed organization token stays with the same organization.',
  how:
    'Refreshes a grant for an organization, with the scopes of both endpoints. Expects the new token to ' +
    'show the same organization and nothing of the other one, and the user-only endpoint to answer 401 or ' +
    '403.',
  hint: 'Store the organization with the refresh token, and give it to every new token.',
  async check(context) {
    const { flow, expect, target, remark } = context;
    const [own] = twoOrganizations(target);
    const { client, params } = await whoAsks(flow);
    const scope = flow.apiScope(client, 'organization', 'user');
    const asUser = await flow.tokens({ client, scope, note: 'the control: as a user' });
    await demandAccepted(flow, 'user', asUser.access_token, 'the control: a user token');
    const first = await flow.organizationTokens(own.name, { client, scope, params, offline: true });
    const before = await fetchOrganization(flow, first.access_token, own, 'before the refresh');
    demandOrganizationShown(before, own, 'An organization token', 'organizationTokens');
    const refusal = await flow.callApi('user', first.access_token, { note: 'before the refresh' });
    const { exchange } = await refreshedTokens(flow, first, 'a refresh');
    const access_token = exchange.string('access_token') ?? '';
    const after = await fetchOrganization(flow, access_token, own, 'after the refresh');
    if (!showsOrganization(after, own)) {
      await demandRefreshedUser(flow, client, scope);
      expect.that(false, 'A refreshed organization token no longer shows its organization.', {
        expected: `the organization ${own.name}, as before the refresh`,
        received: describeExchange(after),
        exchange: after,
      });
    }
    await demandBound(context, { access_token }, 'A refreshed organization token');
    if (![401, 403].includes(refusal.status))
      return remark('The user-only endpoint accepts organization tokens: see api-org-token-user-endpoint.');
    const note = 'the refreshed token at the user-only endpoint';
    const user = await flow.callApi('user', access_token, { note });
    expect.that([401, 403].includes(user.status), "A refreshed organization token passes as a user's.", {
      expected: 'status 401 or 403 at the user-only endpoint',
      received: describeExchange(user),
      exchange: user,
    });
  },
});

/** The control: a refreshed token of the user is accepted. Blocked by refresh-works. */
async function demandRefreshedUser(flow: Flow, client: Client, scope: string): Promise<void> {
  const tokens = await flow.tokens({ client, scope, offline: true, note: 'the control: as a user' });
  const { exchange } = await refreshedTokens(flow, tokens, 'the control: a refresh as a user');
  const token = exchange.string('access_token') ?? '';
  const answer = await useFresh(() => flow.callApi('user', token, { note: 'the control: refreshed' }));
  if (answer.status !== 200)
    throw new Blocked('refresh', `A refreshed token of the user was refused: ${describeExchange(answer)}.`);
}

export const sub = requirement({
  id: 'org-sub',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page', 'userinfo', 'api-org-endpoint'],
  statement: 'The subject of an organization token is the organization, not the user.',
  how:
    'Each token shows the organization that was chosen. Expects the same sub in the ID Tokens of two ' +
    'grants for one organization, and different ones for another organization and for the user. Userinfo, ' +
    'if it accepts the token, names the same sub.',
  hint: 'Take sub from the organization if the grant is for one.',
  async check({ flow, expect, target }) {
    const [one, other] = twoOrganizations(target);
    const { client } = await whoAsks(flow);
    const asUser = await flow.tokens({ client, note: 'as a user' });
    const grants: TokenSet[] = [];
    // A server may remember the first choice; here, it's asked for each time.
    const params = { prompt: 'consent' };
    for (const chosen of [one, one, other]) {
      const tokens = await flow.organizationTokens(chosen.name, { client, params });
      grants.push(tokens);
      const note = 'whose token it is';
      const shown = await fetchOrganization(flow, tokens.access_token, chosen, note);
      if (!showsOrganization(shown, chosen))
        throw new NotTested(
          `The token does not show ${chosen.name}, which was chosen, so it may be another's.`,
        );
    }
    if (grants.some(({ id_token }) => id_token === null))
      throw new NotApplicable('The server issues no ID Token for an organization.');
    const [first, again, second] = grants.map((tokens) => String(flow.decodeIdToken(tokens).claims.sub));
    const own = String(flow.decodeIdToken(asUser).claims.sub);
    expect.that(first !== own, 'The subject of an organization token is the user.', {
      expected: 'a sub of the organization',
      received: 'the sub of the user',
      exchange: grants[0]?.exchange ?? asUser.exchange,
    });
    const message = 'Two grants for one organization have different subjects.';
    expect.same(again, first, message, grants[1]?.exchange);
    expect.that(first !== second, 'Two organizations have the same subject.', {
      expected: 'a sub for each organization',
      received: quote(second),
      exchange: grants[2]?.exchange ?? asUser.exchange,
    });
    const access_token = grants[0]?.access_token ?? '';
    const told = await useFresh(
      () => flow.userinfo(access_token, 'userinfo of the organization'),
      ({ status }) => status !== 401,
    );
    if (told.status !== 200) return;
    expect.same(told.string('sub'), first, 'Userinfo names a different subject than the ID Token.', told);
  },
});

export const defaultUser = requirement({
  id: 'org-default-user',
  level: 'MUST',
  profile: 'polar',
  clauses: [source, rfc(6749, '3.1')],
  needs: ['user', 'api-user-endpoint'],
  statement: "With no sub_type, or with sub_type=user, the token is the user's.",
  how:
    'Sends no sub_type, an empty one (which counts as left out), and sub_type=user. Expects a token that ' +
    'the user-only endpoint accepts (200), and no choice of an organization.',
  hint: 'Make user the default for sub_type, and treat an empty value as none.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const scope = flow.apiScope(client, 'user');
    for (const [what, params] of [
      ['without sub_type', {}],
      ['with an empty sub_type', { sub_type: '' }],
      ['with sub_type=user', { sub_type: 'user' }],
    ] as const) {
      const answer = await flow.authorize({ client, scope, params, note: what });
      const asked = answer.pages.some(({ kind }) => kind === 'organization');
      expect.that(!asked, `A request ${what} had to choose an organization.`, {
        expected: 'no choice of an organization',
        received: 'a page to choose one',
      });
      const code = expect.issuedCode(answer, `A request ${what} gave no code.`);
      const tokens = readTokens(code, await flow.exchangeCode(code));
      const exchange = await useFresh(() =>
        flow.callApi('user', tokens.access_token, { note: `the token ${what}` }),
      );
      if (exchange.status >= 500)
        throw new Blocked('apiRequest', `The user-only endpoint answered ${describeExchange(exchange)}.`);
      expect.status(exchange, 200, `the user-only endpoint asked with a token ${what}`);
    }
  },
});
