/** The chapter on refresh tokens: what they give, to whom, and how far. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../fixtures/evidence/exchange.js';
import type { AuthorizationOptions, Client, Flow, Tokens } from '../fixtures/flow/types.js';
import type { Expect } from '../fixtures/judgement/expect.js';
import { Blocked, NotTested } from '../fixtures/verdict.js';
import { chapter, requirement } from './requirement.js';
import { polarDocs, rfc } from './sources.js';
import { judgeTokenResponse } from './token/response.js';
import { claimsOf, introspected, scopesOf } from './token/shown.js';
import { codeIfGranted, demandAuthenticated, inShort, issued, ownIfOpen } from './token/twins.js';

const works = requirement({
  id: 'refresh-works',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '6'), rfc(6749, '5.1'), polarDocs('Exchange the authorization code')],
  needs: ['client', 'person', 'refresh'],
  statement: 'A refresh token yields a new access token.',
  how:
    'A grant is asked for (with offline_access and prompt=consent where the server lists that scope, as in all of ' +
    'this chapter) and its refresh token posted with grant_type=refresh_token and the client’s authentication. ' +
    'Expected: 200, a token response of the same form and token_type as before, and an access token that userinfo ' +
    'accepts as it accepted the first. The same access token again, or no new refresh token, is allowed.',
  next: 'Look at how grant_type=refresh_token stores the access token that it returns.',
  async check({ flow, expect, remark }) {
    const tokens = await offline(flow);
    const before = await atUserinfo(flow, tokens.access_token, 'the first access token at userinfo');
    if (before !== null && before !== 200) {
      throw new Blocked('userinfo-get', `userinfo answers the first access token with ${before}`);
    }
    const response = await flow.refresh(tokens, { note: 'a refresh' });
    judgeTokenResponse(expect, response, 'the response to a refresh');
    const [was, is] = [tokens.exchange, response].map((each) => each.string('token_type')?.toLowerCase());
    expect.that(was === is, 'The token_type changed with the refresh.', {
      expected: was ?? 'Bearer',
      received: is ?? 'none',
    });
    const refreshed = response.string('access_token') ?? '';
    const after = await atUserinfo(flow, refreshed, 'the refreshed access token at userinfo');
    if (after === null) remark('The server has no userinfo endpoint to try the new access token at.');
    expect.that(
      after === null || after === 200,
      'Userinfo refuses the access token that a refresh returned.',
      {
        expected: 'status 200 at userinfo',
        received: `status ${after}`,
      },
    );
    remark(
      response.string('refresh_token') === null
        ? 'No new refresh token came.'
        : 'A refresh token came with the response.',
    );
  },
});

const scopeWider = requirement({
  id: 'refresh-scope-wider',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '6'), rfc(6749, '5.1'), rfc(6749, '5.2')],
  needs: ['client', 'person', 'refresh'],
  statement: 'A refresh never widens the scope, nor claims to.',
  how:
    'A grant for openid, refreshed with its own scope (200), then with that and a scope that client and server ' +
    'both have and the grant lacks. Expected: 400, invalid_scope; or 200 with a scope member that lacks it, and ' +
    'neither introspection nor userinfo shows it (200 without a scope member claims the scope that was asked for, ' +
    'by section 5.1). A grant that asked for it in the first place has it. Where ' +
    'registration is open, the client is the check’s own, as its consents must be known.',
  next: 'Compare the scope of a refresh with the scope that the refresh token was granted.',
  async check({ flow, expect, remark }) {
    const client = (await ownIfOpen(flow)) ?? (await flow.client());
    const tokens = await offline(flow, { client, scope: flow.narrow });
    const granted = tokens.scope;
    const further = [...scopesOf(flow.wide(client))].find((scope) => !scopesOf(granted).has(scope));
    if (further === undefined)
      throw new NotTested(`the server granted "${granted}" when openid was asked for`);
    const shownBefore = await claimsOf(flow, further, tokens.access_token);

    const twin = await flow.refresh(tokens, {
      params: { scope: granted },
      note: 'the valid twin: the same scope',
    });
    demandIssued(twin, 'a refresh with the granted scope');
    const response = await flow.refresh(
      { refresh_token: twin.string('refresh_token') ?? tokens.refresh_token, client },
      { params: { scope: `${granted} ${further}` }, note: `the same and ${further}` },
    );

    if (response.status === 200) {
      remark(`The server answered the wider scope with 200 and scope "${response.string('scope') ?? ''}".`);
      await judgeNotWidened(flow, expect, { client, response, further, shownBefore });
    } else {
      expect.refused(response, {
        status: 400,
        error: 'invalid_scope',
        what: `a refresh for ${further}, which was not granted`,
      });
    }
    await demandGrantable(flow, client, further);
  },
});

const clientBound = requirement({
  id: 'refresh-client-bound',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '6'), rfc(6749, '10.4')],
  needs: ['client', 'person', 'refresh', 'second-client'],
  statement: 'A refresh token works only for its client.',
  how:
    'Two clients, each of which refreshes a grant of its own (200). Then the first one’s refresh token is sent ' +
    'with the second’s valid credentials. Expected: 400, invalid_grant, no tokens. Afterwards the first still ' +
    'refreshes or, where the server takes this for theft, a fresh grant of it does. The first client is the ' +
    'check’s own, as the server may revoke its grants.',
  next: 'Compare the authenticated client with the one that is stored with the refresh token.',
  async check({ flow, expect, remark }) {
    const owner = await flow.ownClient();
    const other = await flow.client('second');
    demandIssued(
      await flow.refresh(await offline(flow, { client: other })),
      'a refresh of the second client',
    );
    const tokens = await offline(flow, { client: owner });
    const twin = await flow.refresh(tokens, { note: 'the valid twin' });
    demandIssued(twin, 'a refresh of the first client');
    const refresh_token = twin.string('refresh_token') ?? tokens.refresh_token;

    const foreign = await flow.refresh(
      { refresh_token, client: owner },
      { auth: { client: other }, note: 'the refresh token of another client' },
    );
    expect.refused(foreign, {
      status: 400,
      error: 'invalid_grant',
      what: 'a refresh token that was issued to another client',
    });

    const after = await flow.refresh({ refresh_token, client: owner }, { note: 'its own client afterwards' });
    if (issued(after)) return;
    remark('The server ended the grant after its refresh token was sent by another client.');
    demandIssued(await flow.refresh(await offline(flow, { client: owner })), 'a refresh of a fresh grant');
  },
});

const invalid = requirement({
  id: 'refresh-invalid',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '5.2')],
  needs: ['client', 'refresh'],
  statement: 'A made-up refresh token is an invalid grant; a missing one an invalid request.',
  how:
    'The authenticated client sends grant_type=refresh_token with a made-up refresh_token. Expected: 400, ' +
    'invalid_grant. Then without refresh_token: 400, invalid_request (or invalid_grant).',
  next: 'Answer a refresh token that is not found with 400 and invalid_grant.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    const cases = [
      {
        fields: { refresh_token: randomBytes(32).toString('base64url') },
        error: ['invalid_grant'],
        what: 'a made-up refresh token',
      },
      { fields: {}, error: ['invalid_request', 'invalid_grant'], what: 'a refresh without refresh_token' },
    ];
    for (const { fields, error, what } of cases) {
      const exchange = await flow.tokenRequest(
        { grant_type: 'refresh_token', ...fields },
        { auth: { client }, note: what },
      );
      if (exchange.string('error') === 'unauthorized_client') {
        throw new NotTested('the client is not allowed to refresh, so the refusal has another cause');
      }
      await demandAuthenticated(flow, exchange, client);
      expect.refused(exchange, { status: 400, error, what });
      remark(`The answer to ${what}: ${inShort(exchange)}.`);
    }
  },
});

export const refresh = chapter({
  id: 'refresh',
  title: 'Refresh tokens',
  story:
    'The access token is about to expire, and Alice is not there. ' +
    'The application posts its refresh token to the token endpoint and authenticates as before. ' +
    'The server compares the client with the one that the token was issued to and the scope with the one that ' +
    'Alice granted, and answers with a new access token, as a rule with a new refresh token as well.',
  requirements: [works, scopeWider, clientBound, invalid],
});

/** Tokens with a refresh token. Without one there is nothing to judge: issuing it is left to the server (RFC 6749 section 1.5). */
async function offline(flow: Flow, options: AuthorizationOptions = {}): Promise<Tokens> {
  try {
    return await flow.tokens({ ...options, offline: true });
  } catch (signal) {
    if (signal instanceof Blocked && signal.owner === 'refresh-works') {
      throw new NotTested('the server issued no refresh token, so there was nothing to refresh');
    }
    throw signal;
  }
}

/** @returns the status at userinfo, or null where there is no such endpoint */
async function atUserinfo(flow: Flow, token: string, note: string): Promise<number | null> {
  if (flow.metadata().userinfo_endpoint === undefined) return null;
  return (await flow.userinfo(token, note)).status;
}

function demandIssued(exchange: Exchange, what: string): void {
  if (!issued(exchange)) throw new Blocked('refresh-works', `${what} gave no tokens (${inShort(exchange)})`);
}

/** A 200 is right when the response tells that the scope stayed as it was, and it did. */
async function judgeNotWidened(
  flow: Flow,
  expect: Expect,
  {
    client,
    response,
    further,
    shownBefore,
  }: {
    readonly client: Client;
    readonly response: Exchange;
    readonly further: string;
    readonly shownBefore: readonly string[] | null;
  },
): Promise<void> {
  const told = response.string('scope');
  expect.that(
    told !== null && !scopesOf(told).has(further),
    told === null
      ? `A refresh for ${further}, which was not granted, was answered without saying that it is left out.`
      : `A refresh added ${further}, which was not granted.`,
    {
      expected: `400 invalid_scope, or a scope without ${further}`,
      received: `200, scope ${told ?? 'left out'}`,
    },
  );
  const token = response.string('access_token') ?? '';
  const active = await introspected(flow, client, token);
  const claims = (await claimsOf(flow, further, token)) ?? [];
  const surplus = claims.filter((claim) => !(shownBefore ?? claims).includes(claim));
  expect.that(
    active?.has(further) !== true && surplus.length === 0,
    `A refresh added ${further}, which was not granted, and did not tell so.`,
    { expected: `no ${further} in the new token`, received: `${further} at introspection or userinfo` },
  );
}

/** Without this a refusal may mean that nobody is granted that scope. */
async function demandGrantable(flow: Flow, client: Client, further: string): Promise<void> {
  const code = await codeIfGranted(flow, {
    client,
    scope: `${flow.narrow} ${further}`,
    note: 'asked for at first',
  });
  const exchange = code === null ? null : await flow.redeem(code);
  const told =
    exchange === null || !issued(exchange) ? null : (exchange.string('scope') ?? `${flow.narrow} ${further}`);
  if (told === null || !scopesOf(told).has(further)) {
    throw new NotTested(`the server does not grant ${further} to this client at all`);
  }
}
