/** What an organization’s token is worth: that organization, and nothing else. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import {
  demandOrganizationShown,
  organizationRequest,
  showsOrganization,
  twoOrganizations,
  userTokens,
} from './organizations.js';

const source = polarDocs('User VS Organization access tokens');

export const token = requirement({
  id: 'org-token',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page', 'api-org-endpoint'],
  statement: 'The rest of the flow is unchanged and gives a token that organization endpoints accept.',
  how:
    'The user chooses an organization and allows; the code is exchanged: 200 with the members of a token response. ' +
    'With the access token an organization endpoint gives 200 and shows the chosen organization.',
  hint: 'Issue the token for the chosen organization, and let the endpoints of the API know its kind.',
  async check({ flow, expect, target }) {
    const [chosen] = twoOrganizations(target);
    const client = await flow.client();
    const answer = await flow.authorize(
      organizationRequest(flow, client, chosen, { note: `for the organization ${chosen.name}` }),
    );
    const code = expect.issuedCode(answer, 'An authorization for an organization gave no code.');
    const exchange = await flow.exchangeCode(code);
    if (!hasTokens(exchange)) await exchangeFreshCode(flow, {});
    const body = expect.jsonObject(exchange, 'the exchange of a code for an organization');
    expect.matchesSchema('token', body, 'the token response for an organization');
    const access_token = exchange.string('access_token') ?? '';
    const shown = await flow.callApi('organization', access_token, { organization: chosen.id });
    expect.status(shown, 200, 'an organization endpoint asked with an organization token');
    expect.that(
      showsOrganization(shown, chosen),
      'The organization endpoint does not show the chosen organization.',
      { expected: `the organization ${chosen.name}`, received: describeExchange(shown) },
    );
  },
});

/** The token shows its own organization, and refuses or hides the other. */
async function demandBound({ flow, expect, target }: CheckContext, tokens: TokenSet, what: string) {
  const [own, other] = twoOrganizations(target);
  const reach = (organization: string, note: string) =>
    flow.callApi('organization', tokens.access_token, { organization, note });
  demandOrganizationShown(await reach(own.id, 'its own organization'), own, what, 'organizationTokens');
  const beyond = await reach(other.id, 'the other organization');
  expect.that(!showsOrganization(beyond, other), `${what} reaches another organization of the user.`, {
    expected: 'a refusal, 404, or an empty list',
    received: describeExchange(beyond),
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
    'The user belongs to two. With a token for the first the organization endpoint shows the first, and for the ' +
    'second gives 401, 403, 404 or an empty list. The user’s own token, with the same scopes, shows the second.',
  hint: 'Filter by the organization of the token, not by the memberships of the user who chose it.',
  async check(context) {
    const { flow, target } = context;
    const [own, other] = twoOrganizations(target);
    const client = await flow.client();
    const asUser = await userTokens(flow, client);
    const seen = await flow.callApi('organization', asUser.access_token, {
      organization: other.id,
      note: 'the control: a user token at the other organization',
    });
    demandOrganizationShown(seen, other, 'The token of the user', 'apiRequest');
    const tokens = await flow.organizationTokens(own.name, { client });
    await demandBound(context, tokens, 'A token for one organization');
  },
});

export const refresh = requirement({
  id: 'org-refresh',
  level: 'MUST',
  profile: 'polar',
  clauses: [source, rfc(6749, '6')],
  needs: ['organization', 'user', 'page', 'refresh', 'api-org-endpoint', 'api-user-endpoint'],
  statement: 'A refreshed organization token stays one of the same organization.',
  how:
    'A grant for an organization, with the scopes of both endpoints, is refreshed. The new token shows the same ' +
    'organization; it is refused for the other one, or sees nothing of it; the user-only endpoint answers 401 or 403.',
  hint: 'Keep the organization with the refresh token, and give it to every token that comes of it.',
  async check(context) {
    const { flow, expect, target } = context;
    const [own] = twoOrganizations(target);
    const client = await flow.client();
    const scope = flow.apiScope(client, 'organization', 'user');
    const asUser = await flow.tokens({ client, scope, note: 'the control: as a user' });
    const control = await flow.callApi('user', asUser.access_token, { note: 'the control: a user token' });
    if (control.status !== 200)
      throw new Blocked('apiRequest', `A user token was answered with ${describeExchange(control)}.`);
    const first = await flow.organizationTokens(own.name, { client, scope, offline: true });
    const response = await flow.refresh(first, { note: 'a refresh' });
    const access_token = response.string('access_token');
    if (response.status !== 200 || access_token === null)
      throw new Blocked('refresh', `The refresh was answered with ${describeExchange(response)}.`);
    await demandBound(context, { ...first, access_token }, 'A refreshed organization token');
    const user = await flow.callApi('user', access_token, {
      note: 'the refreshed token at the user-only endpoint',
    });
    expect.that([401, 403].includes(user.status), 'A refreshed organization token passes as a user’s.', {
      expected: 'status 401 or 403 at the user-only endpoint',
      received: describeExchange(user),
    });
  },
});

export const sub = requirement({
  id: 'org-sub',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['organization', 'user', 'page', 'userinfo'],
  statement: 'The subject of an organization token is the organization, not the user.',
  how:
    'ID Tokens of two grants for one organization have the same sub; that for another organization, and the user’s ' +
    'own at the same client, have others. Userinfo, where it accepts the token, names the same sub.',
  hint: 'Take sub from the organization when the grant is for one.',
  async check({ flow, expect, target }) {
    const [one, other] = twoOrganizations(target);
    const client = await flow.client();
    const asUser = await flow.tokens({ client, note: 'as a user' });
    const grants: TokenSet[] = [];
    for (const { name } of [one, one, other]) grants.push(await flow.organizationTokens(name, { client }));
    if (grants.some(({ id_token }) => id_token === null))
      throw new NotApplicable('The server issues no ID Token for an organization.');
    const [first, again, second] = grants.map((tokens) => String(flow.decodeIdToken(tokens).claims.sub));
    const own = String(flow.decodeIdToken(asUser).claims.sub);
    expect.that(first !== own, 'The subject of an organization token is the user.', {
      expected: 'a sub of the organization',
      received: 'the sub of the user',
    });
    expect.same(again, first, 'Two grants for one organization have different subjects.');
    expect.that(first !== second, 'Two organizations have the same subject.', {
      expected: 'a sub for each organization',
      received: String(second),
    });
    const told = await flow.userinfo(grants[0]?.access_token ?? null, 'userinfo of the organization');
    if (told.status !== 200) return;
    expect.same(told.string('sub'), first, 'Userinfo names another subject than the ID Token.');
  },
});

export const defaultUser = requirement({
  id: 'org-default-user',
  level: 'MUST',
  profile: 'polar',
  clauses: [source],
  needs: ['user', 'api-user-endpoint'],
  statement: 'Without sub_type, or with sub_type=user, the token is the user’s.',
  how: 'Both requests give a token that the user-only endpoint accepts with 200, and no organization has to be chosen.',
  hint: 'Take user as the default of sub_type.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const scope = flow.apiScope(client, 'user');
    for (const [what, params] of [
      ['without sub_type', {}],
      ['with sub_type=user', { sub_type: 'user' }],
    ] as const) {
      const tokens = await flow.tokens({ client, scope, params, note: what });
      const asked = tokens.code.outcome.pages.some(({ kind }) => kind === 'organization');
      expect.that(!asked, `A request ${what} had to choose an organization.`, {
        expected: 'no choice of an organization',
        received: 'a page to choose one',
      });
      const exchange = await flow.callApi('user', tokens.access_token, { note: `the token ${what}` });
      if (exchange.status >= 500)
        throw new Blocked('apiRequest', `The user-only endpoint answered ${describeExchange(exchange)}.`);
      expect.status(exchange, 200, `the user-only endpoint asked with a token ${what}`);
    }
  },
});
