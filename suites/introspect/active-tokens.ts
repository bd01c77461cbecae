/** What introspection tells of a token that is live, and of one that was never issued. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientForEndpoint } from '../steps/clients.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { makeUnknownToken } from '../steps/revocation.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';
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
    'application/json. Expected: 200, application/json, active, the boolean true. 401, 403 or active false is not ' +
    'tested: the server may keep tokens from a client. Not applicable where the answer is 400 unsupported_token_type.',
  hint: 'Answer application/json with active as a boolean, true for a token that the API accepts.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const { access_token } = await flow.tokens({ client });
    const exchange = await introspectActive(flow, access_token, client, 'a live access token');
    const claims = expect.jsonObject(exchange, 'the introspection of a live access token');
    expect.that(claims.active === true, 'A live access token is not reported active.', {
      expected: 'active true, a boolean',
      received: describeActive(exchange),
    });
  },
});

export const claims = requirement({
  id: 'introspect-claims',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'The members that are returned describe the token.',
  how:
    'An access token is introspected by its client and is active. Each member that is there fits the JSON Schema ' +
    'introspection.json: scope one string, exp, iat and nbf integers, aud a string or strings, the others strings. ' +
    'scope is within what was granted, client_id the client’s, iss the issuer, token_type Bearer in any letter case, ' +
    'iat the time of issue and exp that plus expires_in, each within 60 seconds. A server may limit what it tells ' +
    'each caller, so what is absent is never judged.',
  hint: 'Build the answer from the record of the token: its scope, its client, its times.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const tokens = await flow.tokens({ client });
    const told = await demandActive(flow, tokens.access_token, client, 'a live access token');
    expect.matchesSchema('introspection', told, 'the introspection of a live access token');
    const same = (member: string, holds: boolean, expected: string) =>
      expect.that(
        told[member] === undefined || holds,
        `Introspection tells another ${member} than the token has.`,
        { expected, received: `${member} ${String(told[member])}` },
      );
    const granted = parseScopes(tokens.scope);
    const surplus = [...parseScopes(String(told.scope ?? ''))].filter((scope) => !granted.has(scope));
    same('scope', surplus.length === 0, `scope within ${tokens.scope}`);
    same('client_id', told.client_id === client.client_id, `client_id ${client.client_id}`);
    same('iss', told.iss === flow.metadata().issuer, `iss ${String(flow.metadata().issuer)}`);
    same('token_type', String(told.token_type).toLowerCase() === 'bearer', 'token_type Bearer');
    const { expires_in } = tokens.exchange.object();
    const issuedAt = parseDate(tokens.exchange.header('date'));
    same('iat', isNear(told.iat, issuedAt), `iat near ${issuedAt}`);
    if (typeof expires_in !== 'number') return;
    same('exp', isNear(told.exp, issuedAt + expires_in), `exp near ${issuedAt + expires_in}`);
  },
});

export const unknown = requirement({
  id: 'introspect-unknown',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2'), rfc(7662, '2.3')],
  needs: ['introspection', 'client'],
  statement: 'An unknown token is inactive, not an error.',
  how:
    'The authenticated client posts a random value of the usual length, without dots, to the introspection ' +
    'endpoint. Expected: 200, application/json, active, the boolean false. Not tested where the client is not ' +
    'allowed to introspect (401 or 403).',
  hint: 'Answer a token that is not found with 200 and active false.',
  async check({ flow, expect }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const exchange = await flow.introspect(makeUnknownToken(), {
      auth: { client },
      note: 'an unknown token',
    });
    demandMayIntrospect(exchange);
    // A server error may be the endpoint's own: then its owner says so.
    if (exchange.status >= 500) {
      const { access_token } = await flow.tokens({ client });
      await demandActive(flow, access_token, client, 'the control: a live token');
    }
    judgeInactive(expect, exchange, 'an unknown token');
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

/** @returns seconds since 1970 by the server's clock where it tells the time, else by ours */
function parseDate(date: string | null): number {
  const told = Date.parse(date ?? '');
  return Math.floor((Number.isNaN(told) ? Date.now() : told) / 1000);
}

function isNear(told: unknown, expected: number): boolean {
  return typeof told === 'number' && Math.abs(told - expected) <= TOLERANCE;
}
