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
  statement: 'A client can request a narrower scope at a refresh, and gets the scope that the response says.',
  how:
    'Refreshes a grant for openid and one more scope with no scope (200), then with scope=openid. Expects ' +
    '200 and, if scope says only openid, no claims of the other scope at userinfo. A server may grant the ' +
    'same as before if it says so (section 3.3): remarks on that. ' +
    'The granted scopes in another order work too.',
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
      `A refresh without ${further} gave a token that still shows it.`,
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
  statement: "Narrowing an access token doesn't narrow the refresh token.",
  how:
    'Refreshes a grant for openid and one more scope with scope=openid (200), then with no scope, using ' +
    'the new refresh token if one came. Expects 200 and the whole granted scope, or, if the response has ' +
    "no scope, the other scope at introspection or userinfo. Not applicable if the first refresh didn't " +
    'narrow.',
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
    expect.issuedTokens(response, 'After a narrower refresh, one without scope gave no tokens.');
    const told = response.string('scope');
    const message = 'After a narrower refresh, the refresh token has lost a granted scope.';
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
  statement: 'A refresh never widens the scope.',
  how:
    'Refreshes a grant for openid with its own scope (200), then with another scope that client and server ' +
    "both have but the grant doesn't, and another grant with a scope that nobody knows. Expects a status " +
    'from 400 to 499, or 200 with a scope member that leaves it out, and neither introspection nor ' +
    'userinfo shows it. 200 with no scope member claims the requested scope (section 5.1). A grant that ' +
    'requested the known scope from the start has it.',
  hint: 'Compare the scope of a refresh with the scope that the refresh token was granted.',
  async check(context) {
    const { flow } = context;
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    const further = await furtherScope(flow, client);
    await judgeWiderRefresh(context, client, unknownScope());
    if (further === null) throw new NotTested('Client and server have no other scope in common.');
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
  if (response.status === 200 && response.string('error') === null) {
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
      ? `A refresh for ${further}, which was not granted, got a response that does not say it was left out.`
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
    `A refresh added ${further}, which was not granted, and the response does not say so.`,
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
