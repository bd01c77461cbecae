/** The form of a token request: its media type, and parameters that are absent, empty or repeated. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { ParameterChanges } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { codeIfGranted } from '../steps/codes.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { refreshedTokens, tokensWithRefreshIfAny } from '../steps/tokens.js';
import { clientWithTwoRedirectUris } from './code-binding.js';

export const redirectMissing = requirement({
  id: 'token-redirect-missing',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), oidcCore('3.1.3.2')],
  needs: ['client', 'user', 'registration'],
  statement: 'A client with several redirect URIs cannot leave redirect_uri out of the exchange.',
  how:
    'A client with two registered URIs and codes of requests with redirect_uri. With it the exchange gives 200. ' +
    'Without it, on a fresh code, 400 is expected, invalid_grant or invalid_request, and no tokens.',
  hint: 'Where the authorization request had a redirect_uri, refuse an exchange without one.',
  async check({ flow, expect, remark }) {
    const client = await clientWithTwoRedirectUris(flow);
    if (client.redirect_uris.length < 2) throw new NotTested('The client has one redirect URI only.');
    await exchangeFreshCode(flow, { client });
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      params: { redirect_uri: null },
      note: 'without redirect_uri',
    });
    expect.refused(exchange, {
      status: 400,
      error: ['invalid_grant', 'invalid_request'],
      what: 'an exchange without redirect_uri',
    });
    remark(`The answer to an exchange without redirect_uri: ${describeExchange(exchange)}.`);
  },
});

export const formCharset = requirement({
  id: 'token-form-charset',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(9110, '8.3.1')],
  needs: ['client', 'user'],
  statement: 'The form media type is recognized with parameters and in any letter case.',
  how:
    'Valid exchanges, each on a fresh code: with the plain Content-Type, with ' +
    'application/x-www-form-urlencoded;charset=UTF-8 and with Application/X-WWW-Form-Urlencoded. Expected: 200 ' +
    'with tokens.',
  hint: 'Cut the Content-Type at its first semicolon and compare it without regard to case.',
  async check({ flow, expect }) {
    await exchangeFreshCode(flow, {});
    for (const type of [
      'application/x-www-form-urlencoded;charset=UTF-8',
      'Application/X-WWW-Form-Urlencoded',
    ]) {
      const exchange = await flow.exchangeCode(await flow.code(), {
        headers: { 'content-type': type },
        note: `Content-Type: ${type}`,
      });
      expect.issuedTokens(exchange, `An exchange with Content-Type ${type} gives no tokens.`);
    }
  },
});

export const parameterRepeated = requirement({
  id: 'token-parameter-repeated',
  // The prohibition binds the client; the server's part is the error code that 5.2 has for it.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'A token request with a repeated parameter is an invalid request.',
  how:
    'A valid exchange gives 200. Then, each on a fresh code: code twice, the real one and another in both orders, ' +
    'grant_type twice with the same value, redirect_uri twice with different values in both orders. Expected: no ' +
    'tokens and a status from 400 to 499, as a rule 400 and invalid_request.',
  hint: 'Look for repeated names before any parameter is read.',
  async check({ flow, expect, alter, remark }) {
    await exchangeFreshCode(flow, {});
    const type = 'authorization_code';
    const cases: readonly {
      readonly what: string;
      readonly changes: (code: string, uri: string) => ParameterChanges;
    }[] = [
      {
        what: 'code twice, the real one first',
        changes: (code) => ({ code: [code, alter(code, 'random')] }),
      },
      { what: 'code twice, the real one last', changes: (code) => ({ code: [alter(code, 'random'), code] }) },
      { what: 'grant_type twice', changes: () => ({ grant_type: [type, type] }) },
      {
        what: 'redirect_uri twice, the real one first',
        changes: (_, uri) => ({ redirect_uri: [uri, `${uri}/x`] }),
      },
      {
        what: 'redirect_uri twice, the real one last',
        changes: (_, uri) => ({ redirect_uri: [`${uri}/x`, uri] }),
      },
    ];
    for (const { what, changes } of cases) {
      const code = await flow.code();
      const params = changes(code.value, code.request.redirect_uri ?? code.client.redirect_uri);
      const exchange = await flow.exchangeCode(code, { params, note: what });
      judgeRefusedSomehow(expect, exchange, what);
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
  },
});

export const parameterEmpty = requirement({
  id: 'token-parameter-empty',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'A token parameter without a value counts as omitted.',
  how:
    'Where the server allows requests without code_challenge, a code of such a request gives 200, and another does ' +
    'with an empty code_verifier. Where refreshing works, a refresh does so with an empty scope as well, and scope, ' +
    'if present, is what it is without.',
  hint: 'Drop parameters with an empty value before the request is looked at.',
  async check({ flow, expect, remark }) {
    const verifier = await judgeEmptyVerifier(flow, expect);
    const scope = await judgeEmptyScope(flow, expect);
    if (!verifier && !scope) {
      throw new NotTested('The server demands code_challenge and issued no refresh token.');
    }
    if (!verifier) remark('The server demands code_challenge, so no empty code_verifier was sent.');
    if (!scope) remark('The server issued no refresh token, so no empty scope was sent.');
  },
});

/** @returns whether it could be tried */
async function judgeEmptyVerifier(flow: Flow, expect: Expect): Promise<boolean> {
  const client = await flow.client();
  const plain = await codeIfGranted(flow, { client, pkce: null });
  if (plain === null) return false;
  const control = await flow.exchangeCode(plain, { note: 'the control request, without code_challenge' });
  // A server may also demand the verifier only here.
  if (!hasTokens(control)) return false;
  const exchange = await flow.exchangeCode(await flow.code({ client, pkce: null }), {
    params: { code_verifier: '' },
    note: 'an empty code_verifier',
  });
  expect.issuedTokens(exchange, 'An exchange with an empty code_verifier gives no tokens.');
  return true;
}

/** @returns whether it could be tried */
async function judgeEmptyScope(flow: Flow, expect: Expect): Promise<boolean> {
  const tokens = await tokensWithRefreshIfAny(flow);
  if (tokens.refresh_token === null) return false;
  const control = await refreshedTokens(flow, tokens, 'a refresh without scope');
  const exchange = await flow.refresh(control, { params: { scope: '' }, note: 'an empty scope' });
  expect.issuedTokens(exchange, 'A refresh with an empty scope gives no tokens.');
  const granted = control.exchange.string('scope') ?? tokens.scope;
  const told = exchange.string('scope') ?? granted;
  const lost = [...parseScopes(granted)].filter((scope) => !parseScopes(told).has(scope));
  const message = 'A refresh with an empty scope gives less than one without scope.';
  expect.none(lost, message, `scope ${granted}`, exchange);
  return true;
}

function judgeRefusedSomehow(expect: Expect, exchange: Exchange, what: string): void {
  expect.noTokens(exchange, `an exchange with ${what}`);
  expect.clientError(exchange, `An exchange with ${what} was not refused as the client’s fault.`);
}
