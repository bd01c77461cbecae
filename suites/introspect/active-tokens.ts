/** What introspection tells of a token that is live, and of one that was never issued. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { parseDateHeader } from '../../fixtures/http/headers.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { changeFirstThird } from '../steps/alterations.js';
import { clientForEndpoint } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { makeUnknownJwt, makeUnknownToken } from '../steps/made-up-tokens.js';
import { isUnsupportedJwt } from '../steps/revocation.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens, tokensWithRefreshIfAny } from '../steps/tokens.js';
import {
  demandActive,
  demandMayIntrospect,
  describeActive,
  introspectActive,
  judgeInactive,
} from './introspect-token.js';

/** Seconds that clocks, and the steps between issue and answer, may differ. */
const TOLERANCE = 60;

export const active = requirement({
  id: 'introspect-active',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'A live access token is reported active.',
  how:
    'The client posts its access token to the introspection endpoint and authenticates, with Accept: ' +
    'application/json, and with */*. Expected: 200, application/json, active, the boolean true. The same for the access token of a ' +
    'refresh. 401, 403 or active false for the first is not tested: the server may keep tokens from a client. Not ' +
    'applicable where the answer is 400 unsupported_token_type.',
  hint: 'Answer application/json with active as a boolean, true for a token that the API accepts.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token } = await flow.tokens({ client });
    const judge = (exchange: Exchange, what: string) => {
      const { active } = expect.jsonObject(exchange, `the introspection of ${what}`);
      expect.that(active === true, `${capitalize(what)} is not reported active.`, {
        expected: 'active true, a boolean',
        received: describeActive(exchange),
        exchange,
      });
    };
    judge(await introspectActive(flow, access_token, client, 'a live access token'), 'a live access token');
    const note = 'a live access token, with Accept: */*';
    judge(await flow.introspect(access_token, { auth: { client }, headers: { accept: '*/*' }, note }), note);
    const refreshed = await refreshIfPossible(flow, client);
    if (refreshed === null) return;
    const what = 'the access token of a refresh';
    const isActive = (answer: Exchange) => answer.object().active === true;
    const token = refreshed.string('access_token');
    judge(await useFresh(() => flow.introspect(token, { auth: { client }, note: what }), isActive), what);
  },
});

/** The response to a refresh of a fresh grant, for less than was granted if possible; null where nothing is refreshed. */
async function refreshIfPossible(flow: Flow, client: Client): Promise<Exchange | null> {
  const wide = await nullOn(isUnavailable, () => flow.widerScope(client));
  const tokens = await tokensWithRefreshIfAny(flow, { client, ...(wide === null ? {} : { scope: wide }) });
  if (tokens.refresh_token === null) return null;
  const options = wide === null ? {} : { params: { scope: flow.minimalScope } };
  const work = () => refreshedTokens(flow, tokens, 'a refresh', options);
  return (await nullOn(isUnavailable, work))?.exchange ?? null;
}

export const claims = requirement({
  id: 'introspect-claims',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'The members that are returned describe the token.',
  how:
    'An access token is introspected by its client and is active, and so is one of a refresh for less than was granted. A ' +
    'refresh token that is active is looked at in the same way, but for its times and its type. ' +
    'Each member that is there fits the JSON Schema introspection.json: scope one string, exp, iat and nbf integers, aud ' +
    "a string or strings, the others strings. scope is within what the token response says, client_id the client's, iss " +
    'the issuer, token_type Bearer in any letter case, iat the time of issue and exp that plus expires_in, each within 60 ' +
    'seconds. A server may limit what it tells each caller, so what is absent is never judged.',
  hint: 'Build the answer from the record of the token: its scope, its client, its times.',
  async check(context) {
    const { flow } = context;
    const client = await clientForEndpoint(flow, 'introspection');
    const { exchange, scope } = await flow.tokens({ client });
    await judgeClaims(context, client, exchange, scope);
    const refreshed = await refreshIfPossible(flow, client);
    const narrow = refreshed?.string('scope') ?? null;
    // Without scope in the response, what was granted is judged by refresh-scope-narrower.
    if (refreshed !== null && narrow !== null) await judgeClaims(context, client, refreshed, narrow);
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    if (tokens.refresh_token === null) return;
    const request = { auth: { client }, note: 'a refresh token' };
    const told = (await flow.introspect(tokens.refresh_token, request)).object();
    // Whether it's active is judged by introspect-refresh-token.
    if (told.active === true) judgeMembers(context, told, client, tokens.scope, 'refresh token');
  },
});

/** What introspection tells of the access token in this response is true. */
async function judgeClaims(
  { flow, expect }: CheckContext,
  client: Client,
  response: Exchange,
  scope: string,
): Promise<void> {
  const token = response.string('access_token') ?? '';
  const told = await demandActive(flow, token, client, 'a live access token');
  const same = judgeMembers({ flow, expect }, told, client, scope, 'access token');
  same('token_type', String(told.token_type).toLowerCase() === 'bearer', 'token_type Bearer');
  const { expires_in } = response.object();
  // By our own clock where the server doesn't tell the time.
  const issuedAt = Math.floor(parseDateHeader(response.header('date')) ?? Date.now() / 1000);
  same('iat', isNear(told.iat, issuedAt), `iat near ${issuedAt}`);
  if (typeof expires_in !== 'number') return;
  same('exp', isNear(told.exp, issuedAt + expires_in), `exp near ${issuedAt + expires_in}`);
}

/**
 * What introspection tells of any token is well-formed and true: scope, client_id and iss.
 * @returns the same for another member
 */
function judgeMembers(
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
  told: Readonly<Record<string, unknown>>,
  client: Client,
  scope: string,
  kind: 'access token' | 'refresh token',
) {
  expect.matchesSchema('introspection', told, `the introspection of a live ${kind}`);
  const same = (member: string, holds: boolean, expected: string) =>
    expect.that(
      told[member] === undefined || holds,
      `Introspection tells another ${member} than the ${kind} has.`,
      { expected, received: `${member} ${String(told[member])}` },
    );
  const granted = parseScopes(scope);
  const surplus = [...parseScopes(String(told.scope ?? ''))].filter((value) => !granted.has(value));
  same('scope', surplus.length === 0, `scope within ${scope}`);
  same('client_id', told.client_id === client.client_id, `client_id ${client.client_id}`);
  same('iss', told.iss === flow.metadata().issuer, `iss ${String(flow.metadata().issuer)}`);
  return same;
}

export const unknown = requirement({
  id: 'introspect-unknown',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2'), rfc(7662, '2.3')],
  needs: ['introspection', 'client', 'user'],
  statement: 'An unknown token is inactive, not an error.',
  how:
    'The authenticated client posts to the introspection endpoint a random value of the usual length, one of the form ' +
    'of a JWT, an authorization code of its own, and its access token with a character changed near the beginning and one in ' +
    'the middle. Expected: 200, application/json, active, the boolean false. Without a token, and with an empty one: not ' +
    'active true. A server ' +
    'that introspects no JWTs may say so (400 unsupported_token_type). Not tested where the client is not allowed to ' +
    'introspect (401 or 403).',
  hint: 'Answer a token that is not found, or cannot be read, with 200 and active false.',
  async check({ flow, expect, remark, alter, learn }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token: live } = await flow.tokens({ client });
    for (const [token, what] of [
      [makeUnknownToken(), 'an unknown token'],
      [alter(live, 'middle'), 'an access token with a character in its middle changed'],
      [changeFirstThird(live, { learn }), 'an access token with a character near its beginning changed'],
      [makeUnknownJwt(), 'an unknown token of the form of a JWT'],
      [(await flow.code({ client })).value, 'an authorization code'],
    ] as const) {
      const exchange = await flow.introspect(token, { auth: { client }, note: what });
      demandMayIntrospect(exchange);
      if (isUnsupportedJwt(token, exchange)) {
        remark(
          'The server introspects no tokens of the form of a JWT, as it says by unsupported_token_type.',
        );
        continue;
      }
      // A server error may be the endpoint's own: then its owner says so.
      if (exchange.status >= 500) {
        const { access_token } = await flow.tokens({ client });
        await demandActive(flow, access_token, client, 'the control: a live token');
      }
      judgeInactive(expect, exchange, what);
    }
    for (const [token, what] of [
      [null, 'no token at all'],
      ['', 'an empty token'],
    ] as const) {
      const exchange = await flow.introspect(token, { auth: { client }, note: what });
      expect.that(exchange.object().active !== true, `Introspection reports ${what} active.`, {
        expected: 'an error, or active false',
        received: describeActive(exchange),
        exchange,
      });
    }
  },
});

export const hintWrong = requirement({
  id: 'introspect-hint-wrong',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.1')],
  needs: ['introspection', 'client', 'user'],
  statement: 'A wrong token_type_hint does not keep the token from being found.',
  how:
    'An access token, and a refresh token where the server gives one, are introspected without hint: active. Then ' +
    'each with the hint of the other kind. Expected: active true again. A token that is not active without hint ' +
    'is not judged. A random value with a hint is inactive.',
  hint: 'Where the token is not found among the hinted kind, look among the others.',
  async check({ flow, expect, remark }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token, refresh_token } = await tokensWithRefreshIfAny(flow, { client });
    const hinted = (token: string, token_type_hint: string) =>
      flow.introspect(token, {
        auth: { client },
        params: { token_type_hint },
        note: `with token_type_hint=${token_type_hint}`,
      });
    await demandActive(flow, access_token, client, 'the access token without hint');
    const judged = [{ token: access_token, what: 'An access token', hint: 'refresh_token' }];
    if (refresh_token !== null) {
      const plain = await flow.introspect(refresh_token, {
        auth: { client },
        note: 'the refresh token without hint',
      });
      if (plain.object().active === true) {
        judged.push({ token: refresh_token, what: 'A refresh token', hint: 'access_token' });
      } else remark('The refresh token is not active without a hint either, so it was not judged.');
    }
    for (const { token, what, hint } of judged) {
      const exchange = await hinted(token, hint);
      expect.that(
        exchange.status === 200 && exchange.object().active === true,
        `${what} is not found with token_type_hint=${hint}.`,
        { expected: 'status 200, active true', received: describeActive(exchange) },
      );
    }
    judgeInactive(expect, await hinted(makeUnknownToken(), 'refresh_token'), 'an unknown token with a hint');
  },
});

export const hintUnknown = requirement({
  id: 'introspect-hint-unknown',
  // A server MAY ignore the hint (section 2.1); that an unknown one is ignored stands in RFC 7009 section 2.2 alone.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7662, '2.1'), rfc(7009, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'An unknown token_type_hint is ignored.',
  how:
    'An access token is introspected by its client without hint: active. Then with token_type_hint=no_such_type. ' +
    'Expected: active true again.',
  hint: 'Treat an unknown hint as if none had come.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token } = await flow.tokens({ client });
    await demandActive(flow, access_token, client, 'the control: without hint');
    const params = { token_type_hint: 'no_such_type' };
    const exchange = await flow.introspect(access_token, {
      auth: { client },
      params,
      note: 'an unknown hint',
    });
    expect.that(
      exchange.object().active === true,
      'An access token is not found with an unknown token_type_hint.',
      { expected: 'status 200, active true', received: describeActive(exchange), exchange },
    );
  },
});

function isNear(told: unknown, expected: number): boolean {
  return typeof told === 'number' && Math.abs(told - expected) <= TOLERANCE;
}
