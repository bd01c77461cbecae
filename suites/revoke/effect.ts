import { hasTokens } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import type { CheckContext } from '../requirement.js';
import { requirement } from '../requirement.js';
import { expectEndedAtApi, tokensForApi } from '../steps/api-access.js';
import { ownClientForEndpoint } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';
import {
  demandEndpointRevokes,
  demandParallelRefreshes,
  demandRevocationSupported,
  judgeAccessTokenRevoked,
  judgeRefreshEnded,
} from '../steps/revocation.js';
import { isMissing, isNotApplicable, isUnavailable, nullOn } from '../steps/signals.js';
import {
  type Refreshable,
  refreshedTokens,
  refreshedTwice,
  refreshWhenKnown,
  tokensWithRefresh,
  tokensWithRefreshIfAny,
} from '../steps/tokens.js';
import {
  demandAcceptedAtUserinfo,
  demandParallelAtUserinfo,
  expectEndedAtUserinfo,
  isRefusedAtUserinfo,
  waitForUserinfoRefusal,
} from '../steps/userinfo.js';
import { waitUntil } from '../steps/wait-until.js';

export const accessToken = requirement({
  id: 'revoke-access-token',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7009, '2'), rfc(7009, '2.1')],
  needs: ['revocation', 'client', 'user', 'userinfo'],
  statement: 'A revoked access token stops working.',
  how:
    'Userinfo accepts an access token, and its client posts it to the revocation endpoint. Expects 200 ' +
    'and, within 5 seconds (section 2.1 allows a propagation delay), a status from 400 to 499 at userinfo. ' +
    "The same for a refreshed access token. A parallel grant's token still works. Not applicable if the " +
    'server answers 400 and unsupported_token_type. ' +
    'The same for a token at the API, if the target names an endpoint other than userinfo, and for the ' +
    'token of an organization.',
  hint: 'Make the access token lookup see what the revocation endpoint has ended.',
  serial: true,
  async check(context) {
    const { flow, expect, pause, remark } = context;
    const parallel = await flow.tokens();
    await demandAcceptedAtUserinfo(flow, parallel);
    const client = await ownClientForEndpoint(flow, 'revocation');
    const kinds = [
      { what: 'access token', issue: async () => (await flow.tokens({ client })).access_token },
      { what: 'access token of a refresh', issue: () => refreshedAccessToken(flow, client) },
    ];
    for (const { what, issue } of kinds) {
      const access_token = await issue();
      if (access_token === null) continue;
      await demandAcceptedAtUserinfo(flow, { access_token });
      const revocation = await flow.revoke(access_token, { auth: { client }, note: `an ${what}` });
      await demandEndpointRevokes(flow, revocation, client);
      judgeAccessTokenRevoked(expect, revocation);
      const after = await waitForUserinfoRefusal(flow, access_token, pause);
      expectEndedAtUserinfo(expect, after, `An ${what} that was revoked still works.`);
      if (after.status !== 401)
        remark(`Userinfo refused the revoked token with ${after.status}, not with 401.`);
    }
    const atApi = await tokensForApi(flow, { client });
    if (atApi !== null) {
      const { access_token } = atApi;
      const revocation = await flow.revoke(access_token, {
        auth: { client },
        note: 'one that the API accepts',
      });
      judgeAccessTokenRevoked(expect, revocation);
      await expectEndedAtApi(context, access_token, 'An access token that was revoked');
    }
    await judgeOrganizationToken(context, client);
    await demandParallelAtUserinfo(flow, parallel.access_token);
  },
});

/** The token of an organization, where the target names one, ends like that of a user. */
async function judgeOrganizationToken(
  { flow, target, expect, pause }: CheckContext,
  client: Client,
): Promise<void> {
  const [organization] = target.settings.users?.first?.organizations ?? [];
  if (organization === undefined) return;
  const tokens = await nullOn(isMissing, () => flow.organizationTokens(organization.name, { client }));
  if (tokens === null) return;
  const { access_token } = tokens;
  const ask = (note: string) =>
    flow.callApi('organization', access_token, { organization: organization.id, note });
  const control = await nullOn(isMissing, () =>
    useFresh(() => ask('the control: a token of an organization')),
  );
  if (control?.status !== 200) return;
  const revocation = await flow.revoke(access_token, { auth: { client }, note: "an organization's token" });
  judgeAccessTokenRevoked(expect, revocation);
  const answer = await waitUntil(
    () => ask('the API afterward'),
    ({ status }) => status !== 200,
    pause,
  );
  expect.clientError(answer, "An organization's access token that was revoked still works.");
}

/** The access token of a refreshed grant of this client; null where the server does not refresh. */
async function refreshedAccessToken(flow: Flow, client: Client): Promise<string | null> {
  const tokens = await tokensWithRefreshIfAny(flow, { client });
  if (tokens.refresh_token === null) return null;
  const refreshed = await nullOn(isUnavailable, () => refreshedTokens(flow, tokens, 'a refresh'));
  return refreshed?.exchange.string('access_token') ?? null;
}

export const refreshToken = requirement({
  id: 'revoke-refresh-token',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7009, '2'), rfc(7009, '2.1')],
  needs: ['revocation', 'client', 'user', 'refresh'],
  statement: 'A revoked refresh token stops working.',
  how:
    'Refreshes a grant (200), and its client posts the newest refresh token to the revocation endpoint; in ' +
    'another grant, the first refresh token, which was never used. Expects 200, and then 400, ' +
    'invalid_grant and no tokens for that token. A parallel grant still refreshes.',
  hint: 'Mark the refresh token as revoked, or delete it, before you answer the revocation.',
  serial: true,
  async check(context) {
    await judgeRevocation(context, null);
    const { flow } = context;
    const client = await ownClientForEndpoint(flow, 'revocation');
    await judgeRefreshRevoked(context, await tokensWithRefresh(flow, { client }), null);
    await demandParallelRefreshes(flow, await tokensWithRefresh(flow, { client }));
  },
});

export const refreshCascade = requirement({
  id: 'revoke-refresh-cascade',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7009, '2.1')],
  needs: ['revocation', 'client', 'user', 'refresh', 'userinfo'],
  statement: 'Revoking a refresh token ends the access tokens of its grant.',
  how:
    "Userinfo accepts an access token; posts its grant's refresh token to the revocation endpoint (200). " +
    'Expects a status from 400 to 499 at userinfo within 5 seconds. In a refreshed grant, posting the ' +
    "newest refresh token ends both access tokens. A parallel grant's token still works. Not applicable if " +
    "the server doesn't revoke access tokens. " +
    'The same for an access token at the API, if the target names an endpoint other than userinfo.',
  hint: "Store each access token's grant with it, and end the grant.",
  serial: true,
  async check({ flow, expect, pause }) {
    const parallel = await flow.tokens();
    const tokens = await tokensWithRefresh(flow, { client: await ownClientForEndpoint(flow, 'revocation') });
    const { client, access_token, refresh_token } = tokens;
    await demandAcceptedAtUserinfo(flow, parallel);
    await demandAcceptedAtUserinfo(flow, tokens);
    const revocation = await flow.revoke(refresh_token, {
      auth: { client },
      note: 'the refresh token is revoked',
    });
    if (revocation.status !== 200) {
      throw new Blocked('refreshTokenRevocation', `The revocation was answered with ${revocation.status}.`);
    }
    const after = await waitForUserinfoRefusal(flow, access_token, pause);
    if (!isRefusedAtUserinfo(after)) {
      // The clause asks for it of servers that revoke access tokens at all.
      const direct = await flow.revoke(access_token, { auth: { client }, note: 'the access token itself' });
      demandRevocationSupported(direct);
      const then = await waitForUserinfoRefusal(flow, access_token, pause);
      if (!isRefusedAtUserinfo(then))
        throw new Blocked('accessTokenRevocation', 'Access tokens are not revoked.');
      const revoked = { note: 'the refresh token that was revoked' };
      if (hasTokens(await refreshWhenKnown(flow, tokens, revoked)))
        throw new Blocked('refreshTokenRevocation', 'The refresh token itself still works.');
    }
    expectEndedAtUserinfo(expect, after, 'An access token outlives the refresh token of its grant.');
    await judgeRefreshedGrant({ flow, expect, pause }, client);
    const atApi = await tokensForApi(flow, { client, offline: true });
    if (atApi !== null) {
      const direct = { auth: { client }, note: 'the refresh token of a grant for the API' };
      const ended = await flow.revoke(atApi.refresh_token, direct);
      if (ended.status !== 200)
        throw new Blocked('refreshTokenRevocation', `The revocation was answered with ${ended.status}.`);
      const subject = 'An access token whose refresh token was revoked';
      await expectEndedAtApi({ flow, expect, pause }, atApi.access_token, subject);
    }
    await demandParallelAtUserinfo(flow, parallel.access_token);
  },
});

/** A grant that was refreshed has two access tokens, unless the first ended with the refresh, and both end. */
async function judgeRefreshedGrant(
  { flow, expect, pause }: Pick<CheckContext, 'flow' | 'expect' | 'pause'>,
  client: Client,
): Promise<void> {
  const begun = await tokensWithRefresh(flow, { client });
  const refreshed = await refreshedTwice(flow, begun, 'a refresh');
  const access_token = refreshed.exchange.string('access_token') ?? '';
  await demandAcceptedAtUserinfo(flow, { access_token });
  const isFirstAlive = (await flow.userinfo(begun.access_token, 'the first access token')).status === 200;
  const note = 'the newest refresh token is revoked';
  const revocation = await flow.revoke(refreshed.refresh_token, { auth: { client }, note });
  if (revocation.status !== 200)
    throw new Blocked('refreshTokenRevocation', `The revocation was answered with ${revocation.status}.`);
  for (const [token, what] of [
    [access_token, 'The access token of a refresh'],
    ...(isFirstAlive ? [[begun.access_token, 'The first access token of a refreshed grant'] as const] : []),
  ] as const) {
    const after = await waitForUserinfoRefusal(flow, token, pause);
    expectEndedAtUserinfo(expect, after, `${what} outlives the refresh token of its grant.`);
  }
}

/**
 * A refresh token is revoked with this token_type_hint, and works no more. What is judged of the hint is that it
 * changes nothing, so everything else is the same as without one.
 */
export async function judgeRevocation(context: CheckContext, hint: string | null): Promise<void> {
  const { flow } = context;
  const parallel = await tokensWithRefresh(flow);
  const tokens = await tokensWithRefresh(flow, { client: await ownClientForEndpoint(flow, 'revocation') });
  await judgeRefreshRevoked(
    context,
    await refreshedTwice(flow, tokens, 'a refresh before the revocation'),
    hint,
  );
  await demandParallelRefreshes(flow, parallel);
}

async function judgeRefreshRevoked(
  { flow, expect }: CheckContext,
  tokens: Refreshable,
  hint: string | null,
): Promise<void> {
  const { client } = tokens;
  const revocation = await revokeHinted(flow, tokens.refresh_token, client, hint);
  await demandEndpointRevokes(flow, revocation, client);
  const what = 'the revocation of a refresh token by its client';
  expect.status(revocation, 200, hint === null ? what : `${what} with token_type_hint=${hint}`);
  await judgeRefreshEnded(flow, expect, tokens);
}

function revokeHinted(flow: Flow, token: string | null, client: Client, hint: string | null) {
  return flow.revoke(token, {
    auth: { client },
    ...(hint === null ? {} : { params: { token_type_hint: hint } }),
    note: hint === null ? 'the revocation' : `the revocation with token_type_hint=${hint}`,
  });
}

/** The same for an access token. Not judged where its revocation without a hint, or userinfo, does not work. */
export async function judgeAccessRevocation(
  { flow, expect, pause, remark }: CheckContext,
  hint: string,
): Promise<void> {
  if ((await nullOn(isNotApplicable, () => flow.endpoint('userinfo'))) === null) return;
  const client = await ownClientForEndpoint(flow, 'revocation');
  for (const sent of [null, hint]) {
    const tokens = await flow.tokens({ client });
    await demandAcceptedAtUserinfo(flow, tokens);
    const revocation = await revokeHinted(flow, tokens.access_token, client, sent);
    if (sent !== null)
      expect.status(revocation, 200, `the revocation of an access token with token_type_hint=${hint}`);
    const after = await waitForUserinfoRefusal(flow, tokens.access_token, pause);
    if (sent === null) {
      if (revocation.status === 200 && isRefusedAtUserinfo(after)) continue;
      return remark('Access tokens are not revoked without a hint either.');
    }
    expectEndedAtUserinfo(
      expect,
      after,
      `An access token that was revoked with token_type_hint=${hint} still works.`,
    );
  }
}
