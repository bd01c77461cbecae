/** How far a refresh goes: as far as the grant, or less when less is asked for. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens, quote } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { codeIfGranted } from '../steps/codes.js';
import {
  furtherScope,
  introspectedScopes,
  parseScopes,
  unknownScope,
  userinfoClaimsForScope,
} from '../steps/granted-scopes.js';
import { refreshedTokens, refreshedTwice, refreshWhenKnown, tokensWithRefresh } from '../steps/tokens.js';

export const scopeNarrower = requirement({
  id: 'refresh-scope-narrower',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '3.3')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A narrower scope can be asked for at refresh, and is what the response says.',
  how:
    'A grant for openid and one further scope is refreshed without scope (200), with its scopes in another order, whose ' +
    'order means nothing, then with scope=openid. Expected: 200; and where scope says openid alone, userinfo no longer has the claims of the further scope. A server may also ' +
    'grant what it granted before if it says so (section 3.3): that is remarked on.',
  hint: 'Read scope at a refresh, and give the new access token no more than the response says.',
  async check({ flow, expect, remark }) {
    const { tokens, further, claims } = await wideGrant(flow);
    const control = await refreshedTwice(flow, tokens, 'a refresh without scope');
    const scope = [...parseScopes(tokens.scope)].reverse().join(' ');
    const note = 'the same scopes in another order';
    const reversed = await refreshWhenKnown(flow, control, { params: { scope }, note });
    expect.issuedTokens(reversed, 'A refresh with its own scopes in another order gives no tokens.');
    const refresh_token = reversed.string('refresh_token') ?? control.refresh_token;
    const narrow = { params: { scope: flow.minimalScope }, note: 'a narrower scope' };
    const response = await refreshWhenKnown(flow, { ...control, refresh_token }, narrow);
    expect.issuedTokens(response, 'A refresh with a narrower scope gives no tokens.');
    const told = response.string('scope') ?? flow.minimalScope;
    if (parseScopes(told).has(further))
      return remark(`The server did not narrow the scope, and says so: scope "${told}".`);
    if (claims.length === 0) return;
    const after = (await userinfoClaimsForScope(flow, further, response.string('access_token') ?? '')) ?? [];
    expect.none(
      after,
      `A refresh without ${further} gives a token that still shows it.`,
      `no claims of ${further} at userinfo`,
    );
  },
});

export const scopeKept = requirement({
  id: 'refresh-scope-kept',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '6')],
  needs: ['client', 'user', 'refresh'],
  statement: 'Narrowing one access token does not shrink the refresh token.',
  how:
    'A grant for openid and one further scope is refreshed with scope=openid (200), then, with the new refresh token ' +
    'if one came, without scope. Expected: 200, and scope, if present, has all that was granted; if absent, ' +
    'introspection or userinfo shows the further scope again. Not applicable where the first refresh did not narrow.',
  hint: 'Give a new refresh token the scope of the one before, whatever the access token is limited to.',
  async check({ flow, expect }) {
    const { tokens, further, claims } = await wideGrant(flow);
    const { client } = tokens;
    const control = await refreshedTwice(flow, tokens, 'a refresh without scope');
    const narrowed = await refreshWhenKnown(flow, control, {
      params: { scope: flow.minimalScope },
      note: 'a narrower scope',
    });
    if (!hasTokens(narrowed))
      throw new NotApplicable(`A narrower scope was refused (${describeExchange(narrowed)}).`);
    if (parseScopes(narrowed.string('scope') ?? flow.minimalScope).has(further)) {
      throw new NotApplicable('The server did not narrow the scope when that was asked for.');
    }
    const refresh_token = narrowed.string('refresh_token') ?? control.refresh_token;
    const response = await refreshWhenKnown(flow, { refresh_token, client }, { note: 'without scope again' });
    expect.issuedTokens(response, 'After a narrower refresh one without scope gives no tokens.');
    const told = response.string('scope');
    const message = 'After a narrower refresh the refresh token has lost a scope that was granted.';
    if (told !== null) {
      const lost = [...parseScopes(tokens.scope)].filter((scope) => !parseScopes(told).has(scope));
      expect.that(lost.length === 0, message, {
        expected: `scope ${quote(tokens.scope)}`,
        received: `scope ${quote(told)}`,
        exchange: response,
      });
      return;
    }
    const token = response.string('access_token') ?? '';
    const active = await introspectedScopes(flow, client, token);
    if (active === null && claims.length === 0) {
      throw new NotTested(`Neither the response nor introspection nor userinfo shows ${further}.`);
    }
    const shown =
      active?.has(further) ?? ((await userinfoClaimsForScope(flow, further, token)) ?? []).length > 0;
    expect.that(shown, message, {
      expected: `${further} at introspection or userinfo`,
      received: `no ${further} there`,
    });
  },
});

export const scopeWider = requirement({
  id: 'refresh-scope-wider',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '5.1')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A refresh never widens the scope, nor claims to.',
  how:
    'A grant for openid, refreshed with its own scope (200), then with that and a scope that client and server ' +
    'both have and the grant lacks; and another with a scope that nobody knows. Expected: a status from 400 to 499; or 200 ' +
    'with a scope member that lacks it, and neither introspection nor userinfo shows it (200 without a scope member ' +
    'claims the scope that was asked for, by section 5.1). A grant that asked for the known scope in the first place has ' +
    "it. Where registration is open, the client is the check's own, as its consents must be known.",
  hint: 'Compare the scope of a refresh with the scope that the refresh token was granted.',
  async check(context) {
    const { flow } = context;
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    const further = await furtherScope(flow, client);
    await judgeWiderRefresh(context, client, unknownScope());
    if (further === null) throw new NotTested('Client and server have no further scope in common.');
    await judgeWiderRefresh(context, client, further);
    await demandGrantable(flow, client, further);
  },
});

async function judgeWiderRefresh(
  { flow, expect, remark }: CheckContext,
  client: Client,
  further: string,
): Promise<void> {
  const tokens = await tokensWithRefresh(flow, { client, scope: flow.minimalScope });
  const granted = tokens.scope;
  if (parseScopes(granted).has(further))
    throw new NotTested(`The server granted "${granted}" when ${flow.minimalScope} was asked for.`);
  const shownBefore = await userinfoClaimsForScope(flow, further, tokens.access_token);
  const refreshed = await refreshedTokens(flow, tokens, 'a refresh without scope');
  const control = await refreshedTokens(flow, refreshed, 'a refresh with the granted scope', {
    params: { scope: granted },
  });
  const params = { scope: `${granted} ${further}` };
  const response = await refreshWhenKnown(flow, control, { params, note: `the same and ${further}` });
  if (response.status === 200) {
    remark(`The server answered the wider scope with 200 and scope "${response.string('scope') ?? ''}".`);
    return judgeNotWidened(flow, expect, { client, response, further, shownBefore });
  }
  // Which error comes is judged by refresh-scope-error.
  expect.noTokens(response, `a refresh for ${further}, which was not granted,`);
  expect.clientError(response, `A refresh for ${further}, which was not granted, was not refused.`);
}

/** A grant of openid and a further scope, and the claims that userinfo shows for the latter. */
async function wideGrant(flow: Flow): Promise<{
  readonly tokens: TokenSet;
  readonly further: string;
  readonly claims: readonly string[];
}> {
  const client = await flow.client();
  const scope = flow.widerScope(client);
  const tokens = await tokensWithRefresh(flow, { client, scope });
  const further = [...parseScopes(scope)].find((each) => each !== flow.minimalScope);
  if (further === undefined || !parseScopes(tokens.scope).has(further)) {
    throw new NotTested(`The server granted "${tokens.scope}" when "${scope}" was asked for.`);
  }
  return {
    tokens,
    further,
    claims: (await userinfoClaimsForScope(flow, further, tokens.access_token)) ?? [],
  };
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
    told !== null && !parseScopes(told).has(further),
    told === null
      ? `A refresh for ${further}, which was not granted, was answered without saying that it is left out.`
      : `A refresh added ${further}, which was not granted.`,
    {
      expected: `400 invalid_scope, or a scope without ${further}`,
      received: `200, scope ${told ?? 'left out'}`,
    },
  );
  const token = response.string('access_token') ?? '';
  const active = await introspectedScopes(flow, client, token);
  const claims = (await userinfoClaimsForScope(flow, further, token)) ?? [];
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
    scope: `${flow.minimalScope} ${further}`,
    note: 'asked for at first',
  });
  const exchange = code === null ? null : await flow.exchangeCode(code);
  const told =
    exchange === null || !hasTokens(exchange)
      ? null
      : (exchange.string('scope') ?? `${flow.minimalScope} ${further}`);
  if (told === null || !parseScopes(told).has(further)) {
    throw new NotTested(`The server does not grant ${further} to this client at all.`);
  }
}
