/** What introspection tells of a token that is live, and of one that was never issued. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { parseDateHeader } from '../../fixtures/http/headers.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { changeFirstThird } from '../steps/alterations.js';
import { clientForEndpoint } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { makeUnknownJwt, makeUnknownToken } from '../steps/made-up-tokens.js';
import { isUnsupportedJwt } from '../steps/revocation.js';
import { isMissing, isUnavailable, nullOn } from '../steps/signals.js';
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
  statement: 'A live access token is active.',
  how:
    'A client posts its access token to the introspection endpoint, authenticated and with Accept: ' +
    'application/json. Expects 200, application/json, and active as the boolean true. The same for a ' +
    'refreshed access token, unless the API refuses it too. Not tested if the first gets 401, 403 or ' +
    'active false, because the server may hide tokens from a client. Not applicable if it gets 400 and ' +
    'unsupported_token_type. ' +
    'Accept: */* gets the same.',
  hint: 'Answer in application/json with active as a boolean, true for a token that the API accepts.',
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
    const answer = await useFresh(() => flow.introspect(token, { auth: { client }, note: what }), isActive);
    if (answer.object().active === false) await requireKnownAtApi(flow, token, what);
    judge(answer, what);
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

/** Introspection is right about a token that the API doesn't know either: then refresh-works is what failed. */
async function requireKnownAtApi(flow: Flow, token: string | null, what: string): Promise<void> {
  const note = `${what}, at the API`;
  const answer = await nullOn(isMissing, () => flow.callApi('protected', token, { note }));
  if (answer?.status !== 401) return;
  throw new Blocked('refresh', `${capitalize(what)} was answered with ${describeExchange(answer)}.`);
}

export const claims = requirement({
  id: 'introspect-claims',
  level: 'MUST',
  levelReason: 'No keyword: this is how section 2.2 defines the members, and an API decides by them.',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'The members that come back describe the token.',
  how:
    'A client introspects its access token and one refreshed with less scope. Expects the members that are ' +
    "there to fit the JSON Schema introspection.json. scope is within the token response's, client_id is " +
    "the client's, iss is the issuer, token_type is Bearer in any letter case, iat is the time of issue " +
    "and exp that plus expires_in, within 60 seconds. Never judges what's missing, since a server may " +
    'limit what it tells. ' +
    'Judges an active refresh token in the same way, except for its times and its type.',
  hint: "Build the response from the token's record: its scope, its client, its times.",
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
      `Introspection gives a different ${member} from that of the ${kind}.`,
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
    'An authenticated client introspects a random value of the usual length, a JWT, its own authorization ' +
    'code, and its access token with a character changed near the start and in the middle. Expects 200, ' +
    'application/json, and active as the boolean false. A server that introspects no JWTs may say so (400 ' +
    'unsupported_token_type). Not tested if the client may not introspect (401 or 403). ' +
    'With no token, or an empty one, expects anything but active true.',
  hint: "Answer a token that isn't found, or can't be read, with 200 and active false.",
  async check({ flow, expect, remark, alter, learn }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token: live } = await flow.tokens({ client });
    for (const [token, what] of [
      [makeUnknownToken(), 'an unknown token'],
      [alter(live, 'middle'), 'an access token with a character in its middle changed'],
      [changeFirstThird(live, { learn }), 'an access token with a character near its beginning changed'],
      [makeUnknownJwt(), 'an unknown token that looks like a JWT'],
      [(await flow.code({ client })).value, 'an authorization code'],
    ] as const) {
      const exchange = await flow.introspect(token, { auth: { client }, note: what });
      demandMayIntrospect(exchange);
      if (isUnsupportedJwt(token, exchange)) {
        remark('The server introspects no JWTs (unsupported_token_type).');
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
  statement: "A wrong token_type_hint doesn't keep the server from finding the token.",
  how:
    'A client introspects its access token and, if there is one, its refresh token with no hint: active. ' +
    "Then each with the other kind's hint. Expects active true. A random value with a hint is inactive. " +
    "Doesn't judge a token that isn't active without a hint.",
  hint: "If you don't find the token among the hinted kind, look among the others.",
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
  level: 'SHOULD',
  levelReason:
    'A server MAY ignore the hint (section 2.1). Only RFC 7009 section 2.2 says that an unknown one is ' +
    'ignored.',
  profile: 'oauth',
  clauses: [rfc(7662, '2.1'), rfc(7009, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'An unknown token_type_hint is ignored.',
  how:
    'A client introspects its access token with no hint: active. Then with token_type_hint=no_such_type. ' +
    'Expects active true.',
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
