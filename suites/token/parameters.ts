/** The form of a token request: its media type, and parameters that are absent, empty or repeated. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange, hasTokens, quote } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { basicClientBeside, describeClient, publicClientIfOffered } from '../steps/clients.js';
import { codeIfGranted, grantFields } from '../steps/codes.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTwice, refreshWhenKnown, tokensWithRefreshIfAny } from '../steps/tokens.js';

export const formCharset = requirement({
  id: 'token-form-charset',
  level: 'MUST',
  levelReason: 'No keyword: HTTP defines media types as case-insensitive, and parameters as part of them.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(9110, '8.3.1')],
  needs: ['client', 'user'],
  statement: 'The server recognizes the form media type in any letter case and with parameters.',
  how:
    'Sends valid exchanges and, if the server issues refresh tokens, refreshes: with the plain ' +
    'Content-Type, with application/x-www-form-urlencoded;charset=UTF-8, with ' +
    'Application/X-WWW-Form-Urlencoded, and with both. Expects 200 with tokens.',
  hint: 'Cut the Content-Type at its first semicolon, and ignore letter case when you compare it.',
  async check({ flow, expect }) {
    await exchangeFreshCode(flow, {});
    const tokens = await tokensWithRefreshIfAny(flow);
    let newest = await nullOn(isUnavailable, () => refreshedTwice(flow, tokens, 'the control: a refresh'));
    const types = [
      'application/x-www-form-urlencoded;charset=UTF-8',
      'Application/X-WWW-Form-Urlencoded',
      'Application/X-WWW-Form-Urlencoded; charset=UTF-8',
    ];
    const withType = (type: string) => ({ headers: { 'content-type': type }, note: `Content-Type: ${type}` });
    // First the refreshes: a new code may end the grant that they belong to.
    for (const type of types) {
      if (newest === null || newest.refresh_token === null) break;
      const refresh = await refreshWhenKnown(flow, newest, withType(type));
      expect.issuedTokens(refresh, `A refresh with Content-Type ${type} gives no tokens.`);
      newest = { ...newest, refresh_token: refresh.string('refresh_token') ?? newest.refresh_token };
    }
    for (const type of types) {
      const exchange = await flow.exchangeCode(await flow.code(), withType(type));
      expect.issuedTokens(exchange, `An exchange with Content-Type ${type} gives no tokens.`);
    }
  },
});

export const parameterRepeated = requirement({
  id: 'token-parameter-repeated',
  level: 'SHOULD',
  levelReason: "The prohibition binds the client. The server's part is the error code in section 5.2.",
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'A token request with a repeated parameter is refused.',
  how:
    'A valid exchange gets 200. Then, each on a fresh code, repeats code, redirect_uri, code_verifier and, ' +
    'if the client sends it in the body, client_secret, with the real value first or last, and grant_type ' +
    'with the same value. If the server issues refresh tokens, sends a refresh with refresh_token twice. ' +
    'Expects no tokens and a status from 400 to 499, usually 400 and invalid_request.',
  hint: 'Look for repeated names before you read any parameter.',
  async check({ flow, expect, alter, remark }) {
    await exchangeFreshCode(flow, {});
    const { token_endpoint_auth_method: method, client_secret } = await flow.client();
    const secret = method === 'client_secret_post' && client_secret !== null ? { client_secret } : {};
    const random = (real: string) => alter(real, 'random');
    const same = (real: string) => real;
    const others = [
      ['code', random],
      ['redirect_uri', (real: string) => `${real}/x`],
      ['code_verifier', random],
      ['client_secret', random],
      ['grant_type', same],
    ] as const;
    const judge = (exchange: Exchange, what: string) => {
      expect.noTokens(exchange, what);
      expect.clientError(exchange, `The token endpoint did not refuse ${what}.`);
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    };
    for (const [name, change] of others) {
      for (const place of change === same
        ? ['twice']
        : ['twice, the real one first', 'twice, the real one last']) {
        const code = await flow.code();
        const real = new Map(Object.entries({ ...grantFields(code), ...secret })).get(name);
        if (real === undefined) continue;
        const both = [real, change(real)];
        const params = { [name]: place.endsWith('last') ? both.reverse() : both };
        const what = `an exchange with ${name} ${place}`;
        judge(await flow.exchangeCode(code, { params, note: what }), what);
      }
    }
    const tokens = await tokensWithRefreshIfAny(flow);
    if (tokens.refresh_token === null) return;
    const { refresh_token, client } = await refreshedTwice(flow, tokens, 'the control: a refresh');
    const what = 'a refresh with refresh_token twice';
    const params = { refresh_token: [String(refresh_token), String(refresh_token)] };
    judge(await flow.refresh({ refresh_token, client }, { params, note: what }), what);
  },
});

export const parameterEmpty = requirement({
  id: 'token-parameter-empty',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'A token parameter with no value counts as left out.',
  how:
    "Sends each of these empty where the request works without it: a public client's client_secret; " +
    'client_id and client_secret in the body of a client that authenticates in the header; code_verifier, ' +
    'if the server allows requests without code_challenge; scope at a refresh. Expects 200, and the ' +
    "refreshed scope that comes without it. Leaves out what the server doesn't offer.",
  hint: 'Drop parameters with an empty value before you look at the request.',
  async check(context) {
    const { flow, expect, remark } = context;
    const open = await publicClientIfOffered(context);
    const verifier = await judgeEmptyVerifier(flow, expect);
    const scope = await judgeEmptyScope(flow, expect);
    const secret = open !== null && (await judgeEmptyCredentials(context, open, { client_secret: '' }));
    const basic = await basicClientBeside(flow, await flow.client());
    const both = { client_id: '', client_secret: '' };
    const header = basic !== null && (await judgeEmptyCredentials(context, basic, both));
    if (!verifier && !scope && !secret && !header)
      throw new NotTested('No request without these parameters works, so none was sent with an empty one.');
    if (!verifier) remark('The server demands code_challenge, so no empty code_verifier was sent.');
    if (!scope) remark('The server issued no refresh token, so no empty scope was sent.');
  },
});

/** @returns whether it could be tried */
async function judgeEmptyCredentials(
  { flow, expect }: CheckContext,
  client: Client,
  params: Readonly<Record<string, string>>,
): Promise<boolean> {
  if ((await nullOn(isUnavailable, () => exchangeFreshCode(flow, { client }))) === null) return false;
  const what = `${describeClient(client)} that sends an empty ${Object.keys(params).join(' and ')}`;
  const exchange = await flow.exchangeCode(await flow.code({ client }), { params, note: what });
  expect.issuedTokens(exchange, `${capitalize(what)} gets no tokens.`);
  return true;
}

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
  const control = await refreshedTwice(flow, tokens, 'a refresh without scope');
  const exchange = await refreshWhenKnown(flow, control, { params: { scope: '' }, note: 'an empty scope' });
  expect.issuedTokens(exchange, 'A refresh with an empty scope gives no tokens.');
  const granted = control.exchange.string('scope') ?? tokens.scope;
  const told = exchange.string('scope') ?? granted;
  const lost = [...parseScopes(granted)].filter((scope) => !parseScopes(told).has(scope));
  const message = 'A refresh with an empty scope gives less than one without scope.';
  expect.that(lost.length === 0, message, {
    expected: `scope ${quote(granted)}`,
    received: `scope ${quote(told)}`,
    exchange,
  });
  return true;
}
