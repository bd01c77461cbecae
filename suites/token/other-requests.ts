/** Token requests that differ from the usual one in one thing: where the grant is, whose it is, what is accepted. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { buildFormRequest } from '../../fixtures/flow/form-request.js';
import { appendQuery } from '../../fixtures/flow/parameters.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { listSecretMethods, publicClientIfOffered, supportsAuthMethod } from '../steps/clients.js';
import { codeIfGranted, grantFields } from '../steps/codes.js';
import { demandAuthenticated, exchangeFreshCode, unknownCodeParams } from '../steps/exchange.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTwice, refreshWhenKnown, tokensWithRefreshIfAny } from '../steps/tokens.js';

export const errorMediaType = requirement({
  id: 'token-error-media-type',
  // No keyword: section 5.2 says how an error is sent, and a client that can't read it can't act on it.
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client'],
  statement: 'Every error of the token endpoint is JSON, and served as such.',
  how:
    'A made-up code of the authenticated client, whose form token-error-format judges. Then a request without any ' +
    'client, an unknown client, a form that is announced as JSON, an unknown grant type, a repeated parameter and a made-up refresh token. Expected of each ' +
    'that is refused: application/json and one JSON object with error.',
  hint: 'Write all errors of the token endpoint in one place, with the media type application/json.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const made = unknownCodeParams(flow, client);
    const control = await flow.tokenRequest(made, { auth: { client }, note: 'the control: a made-up code' });
    if (control.mediaType !== 'application/json' || control.string('error') === null)
      throw new Blocked('tokenError', `A made-up code was answered with ${describeExchange(control)}.`);
    const auth = { client };
    const unknown = { client: { ...client, client_id: 'polar-conformance-unknown-client' } };
    const cases = [
      { what: 'a request without any client', fields: made, options: { auth: null } },
      { what: 'an unknown client', fields: made, options: { auth: unknown } },
      {
        what: 'a body that is not what its Content-Type says',
        fields: made,
        options: { auth, headers: { 'content-type': 'application/json' } },
      },
      { what: 'an unknown grant type', fields: { grant_type: 'urn:example:none' }, options: { auth } },
      {
        what: 'a repeated parameter',
        fields: made,
        options: { auth, params: { code: [String(made.code), String(made.code)] } },
      },
      {
        what: 'a made-up refresh token',
        fields: { grant_type: 'refresh_token', refresh_token: 'polar-conformance-made-up' },
        options: { auth },
      },
    ];
    for (const { what, fields, options } of cases) {
      const exchange = await flow.tokenRequest(fields, { ...options, note: what });
      if (exchange.status < 400 || exchange.status >= 500 || exchange.status === 429) continue;
      expect.that(
        exchange.mediaType === 'application/json' && exchange.string('error') !== null,
        `The answer to ${what} is not a JSON error served as application/json.`,
        {
          expected: 'application/json, one object with error',
          exchange,
          received: `${exchange.header('content-type') ?? 'no Content-Type'}, ${describeExchange(exchange)}`,
        },
      );
    }
  },
});

export const grantInQuery = requirement({
  id: 'token-grant-in-query',
  // The clause says where a client puts the parameters; that the server looks nowhere else follows from it.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'The parameters of a grant are read from the body alone.',
  how:
    'A fresh code in the body gives 200. Another is posted with grant_type, code, redirect_uri and code_verifier in ' +
    'the query, a third with code alone there and, where the server gives refresh tokens, a refresh with refresh_token ' +
    'in the query; the client authenticates as usual. Expected: no tokens.',
  hint: 'Read the parameters of a token request from the body alone: a query ends up in logs.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    await exchangeFreshCode(flow, { client });
    const judge = async (
      fields: Readonly<Record<string, string>>,
      moved: readonly string[],
      what: string,
    ) => {
      const isMoved = ([name]: readonly [string, string]) => moved.includes(name);
      const query = new URLSearchParams(Object.fromEntries(Object.entries(fields).filter(isMoved)));
      const body = Object.fromEntries(Object.entries(fields).filter((field) => !isMoved(field)));
      const url = appendQuery(flow.endpoint('token'), query);
      const exchange = await flow.send(buildFormRequest(url, body, { client }, { note: what }));
      expect.noTokens(exchange, what);
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    };
    const whole = grantFields(await flow.code({ client }));
    await judge(whole, Object.keys(whole), 'a token request with its grant in the query');
    const code = grantFields(await flow.code({ client }));
    await judge(code, ['code'], 'a token request with its code in the query');
    const { refresh_token } = await tokensWithRefreshIfAny(flow, { client });
    if (refresh_token === null) return;
    const refresh = { grant_type: 'refresh_token', refresh_token };
    await judge(refresh, ['refresh_token'], 'a refresh with its refresh_token in the query');
  },
});

export const clientCredentials = requirement({
  id: 'token-client-credentials',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.4'), rfc(6749, '4.4.2')],
  needs: ['client', 'user'],
  statement: 'The client credentials grant gives nothing to a client that has not authenticated.',
  how:
    'grant_type=client_credentials without any client, with the client_id of a confidential client alone, with an empty ' +
    'secret in the body and, where the server offers it, by HTTP Basic, and with a wrong secret; and with the client_id of a ' +
    'public client, where the server offers that. Expected: a status from 400 to 499, and no tokens.',
  hint: 'Authenticate the client before any grant is looked at.',
  async check(context) {
    const { flow, expect, alter } = context;
    const client = await flow.client();
    if (client.client_secret === null)
      throw new NotTested('The client has no secret that could be left out.');
    const secret = alter(client.client_secret, 'random');
    const open = await publicClientIfOffered(context);
    const emptyInHeader = { client, method: 'client_secret_basic' as const, secret: '' };
    const cases = [
      { what: 'a client credentials request without any client', auth: null },
      {
        what: 'a client credentials request with client_id alone',
        auth: { client, method: 'none' as const },
      },
      {
        what: 'a client credentials request with an empty client_secret',
        auth: { client, method: 'client_secret_post' as const, secret: '' },
      },
      ...(supportsAuthMethod(flow, 'client_secret_basic')
        ? [{ what: 'a client credentials request with an empty secret in the header', auth: emptyInHeader }]
        : []),
      { what: 'a client credentials request with a wrong secret', auth: { client, secret } },
      ...(open === null
        ? []
        : [{ what: 'a client credentials request of a public client', auth: { client: open } }]),
    ];
    for (const { what, auth } of cases) {
      const exchange = await flow.tokenRequest({ grant_type: 'client_credentials' }, { auth, note: what });
      if (exchange.status >= 500) await demandAuthenticated(flow, exchange, client);
      expect.noTokens(exchange, what);
      expect.clientError(exchange, `The token endpoint did not refuse ${what}.`);
    }
  },
});

export const idTokenUnasked = requirement({
  id: 'token-id-token-unasked',
  // Core 3.1.2.1 leaves requests without openid unspecified; 3.1.3.3 speaks of ID Tokens in answers to OpenID requests.
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.3'), oidcCore('3.1.2.1')],
  needs: ['client', 'user'],
  statement: 'A grant without openid gives no ID Token.',
  how:
    'A code of a request for one scope other than openid is exchanged. Expected: no id_token, unless the server granted ' +
    'openid too and says so in scope. Not tested where the server refuses the request.',
  hint: 'Issue an ID Token only where the granted scope has openid.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const other = [...parseScopes(flow.widerScope(client))].find((scope) => scope !== flow.minimalScope);
    const code = await codeIfGranted(flow, { client, scope: other ?? null, nonce: null });
    const exchange = code === null ? null : await flow.exchangeCode(code);
    if (exchange === null || !hasTokens(exchange))
      throw new NotTested('the server gives no tokens to a request without openid');
    if (parseScopes(exchange.string('scope') ?? '').has('openid'))
      throw new NotApplicable('the server granted openid though it was not asked for');
    expect.that(exchange.object().id_token === undefined, 'A grant without openid gave an ID Token.', {
      expected: 'no id_token',
      received: 'id_token',
    });
  },
});

export const publicSecret = requirement({
  id: 'token-public-secret',
  // No keyword: 5.2 has invalid_client for a method that the client does not use, and 2.3.1 none for public clients.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(7591, '2')],
  needs: ['public-client', 'user'],
  statement: 'A public client that sends a secret is not served as if the secret had been compared.',
  how:
    'A public client exchanges a code without a secret (200), then another code with a made-up client_secret in the ' +
    'body and, where the server offers Basic, one with it in the header. Expected: 400 or 401, invalid_client or ' +
    'invalid_request, and no tokens.',
  hint: 'Refuse an authentication by another method than the one that the client is registered for.',
  async check({ flow, expect, alter }) {
    const client = await flow.client('public');
    await exchangeFreshCode(flow, { client });
    const secret = alter(flow.newPkce().code_verifier, 'random');
    for (const method of listSecretMethods(flow)) {
      const place = method === 'client_secret_basic' ? 'the header' : 'the body';
      const what = `a public client that sends a made-up secret in ${place}`;
      const auth = { client, method, secret };
      const exchange = await flow.exchangeCode(await flow.code({ client }), { auth, note: what });
      expect.refused(exchange, {
        status: [400, 401],
        error: ['invalid_client', 'invalid_request'],
        what,
      });
    }
  },
});

export const acceptAny = requirement({
  id: 'token-accept-any',
  // No keyword: sections 5.1 and 5.2 know one media type, and a client that gets another gets no tokens.
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'The token endpoint answers in JSON to a request that accepts anything.',
  how:
    'With Accept: application/json a fresh code gives 200. Then with Accept: */*, and with a list that has application/json ' +
    'and */*, which is what many clients send: an exchange of a fresh code and, where the server gives refresh tokens, a ' +
    'refresh (200 with tokens), and a made-up code (400 and a JSON error).',
  hint: 'Send JSON from the token endpoint without regard to Accept; never redirect to a login page from there.',
  async check({ flow, expect }) {
    const client = await flow.client();
    await exchangeFreshCode(flow, { client });
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    let newest = await nullOn(isUnavailable, () => refreshedTwice(flow, tokens, 'the control: a refresh'));
    // A client that prefers HTML asks for it: only what most clients send is judged.
    const asking = ['*/*', 'application/json, text/plain, */*'].map((accept) => ({
      options: (what: string) => ({ headers: { accept }, note: `${what}, Accept: ${accept}` }),
      judge: (exchange: Exchange, what: string, holds: boolean, expected: string) =>
        expect.that(holds, `With Accept: ${accept} ${what}.`, {
          expected: `${expected}, as with Accept: application/json`,
          received: `${describeExchange(exchange)}, ${exchange.mediaType || 'no media type'}`,
          exchange,
        }),
    }));
    // First the refreshes: a new code may end the grant that they belong to.
    for (const { options, judge } of asking) {
      if (newest === null || newest.refresh_token === null) break;
      const refresh = await refreshWhenKnown(flow, newest, options('a refresh'));
      judge(refresh, 'a refresh gives no tokens', hasTokens(refresh), '200 with tokens');
      newest = { ...newest, refresh_token: refresh.string('refresh_token') ?? newest.refresh_token };
    }
    for (const { options, judge } of asking) {
      const exchange = await flow.exchangeCode(await flow.code({ client }), options('an exchange'));
      judge(exchange, 'an exchange gives no tokens', hasTokens(exchange), '200 with tokens');
      const made = unknownCodeParams(flow, client);
      const refused = await flow.tokenRequest(made, { auth: { client }, ...options('a made-up code') });
      const isJson = refused.string('error') !== null;
      judge(refused, 'a made-up code gets no JSON error', isJson, '400 and a JSON object with error');
    }
  },
});
