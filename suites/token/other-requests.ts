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
  level: 'MUST',
  levelReason:
    "No keyword: section 5.2 says how an error is sent, and a client can't act on one that it can't read.",
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client'],
  statement: 'Every error from the token endpoint is JSON, and served as JSON.',
  how:
    'An authenticated client sends a made-up code, which token-error-format judges. Then sends a request ' +
    'with no client, an unknown client, a form announced as JSON, an unknown grant type, a repeated ' +
    'parameter and a made-up refresh token. For each refusal, expects application/json and one JSON object ' +
    'with error.',
  hint: "Write all of the token endpoint's errors in one place, with the media type application/json.",
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
  level: 'SHOULD',
  levelReason:
    'The clause says where a client puts the parameters. That the server looks nowhere else is inferred.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: "The server reads a grant's parameters only from the body.",
  how:
    'Exchanges a code in the body (200). Then posts another with grant_type, code, redirect_uri and ' +
    'code_verifier in the query, a third with only code there and, if the server issues refresh tokens, a ' +
    'refresh with refresh_token in the query. Expects no tokens.',
  hint: "Read a token request's parameters only from the body: a query ends up in logs.",
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
  statement: "The client credentials grant gives nothing to a client that hasn't authenticated.",
  how:
    "Sends grant_type=client_credentials with no client, with only a confidential client's client_id, and " +
    'with its client_id and a wrong secret. Expects a status from 400 to 499 and no tokens. ' +
    'The same with an empty secret, in the body and in the header, and as a public client.',
  hint: 'Authenticate the client before you look at any grant.',
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
  level: 'SHOULD',
  levelReason:
    "OpenID Connect Core section 3.1.2.1 doesn't cover requests without openid. Section 3.1.3.3 has ID " +
    'Tokens for OpenID requests.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.3'), oidcCore('3.1.2.1')],
  needs: ['client', 'user'],
  statement: 'A grant without openid gets no ID Token.',
  how:
    'Exchanges a code for one scope other than openid. Expects no id_token, unless the server granted ' +
    'openid too and says so in scope. Not tested if the server refuses the request.',
  hint: 'Issue an ID Token only if the granted scope has openid.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const other = [...parseScopes(flow.widerScope(client))].find((scope) => scope !== flow.minimalScope);
    const code = await codeIfGranted(flow, { client, scope: other ?? null, nonce: null });
    const exchange = code === null ? null : await flow.exchangeCode(code);
    if (exchange === null || !hasTokens(exchange))
      throw new NotTested('The server gives no tokens to a request without openid.');
    if (parseScopes(exchange.string('scope') ?? '').has('openid'))
      throw new NotApplicable('The server granted openid, which was not requested.');
    expect.that(exchange.object().id_token === undefined, 'A grant without openid gave an ID Token.', {
      expected: 'no id_token',
      received: 'id_token',
    });
  },
});

export const publicSecret = requirement({
  id: 'token-public-secret',
  level: 'SHOULD',
  levelReason: "No keyword: section 5.2 has invalid_client for a method that the client doesn't use.",
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(7591, '2')],
  needs: ['public-client', 'user'],
  statement: "The server doesn't accept a secret from a public client as if it had compared it.",
  how:
    'A public client exchanges a code with no secret (200), then another code with a made-up client_secret ' +
    'in the body and, if the server offers Basic, one with it in the header. Expects 400 or 401, ' +
    'invalid_client or invalid_request, and no tokens.',
  hint: 'Refuse authentication with any method other than the one that the client registered.',
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
  level: 'MUST',
  levelReason:
    'No keyword: sections 5.1 and 5.2 have one media type, and a client that gets anything else gets no ' +
    'tokens.',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'The token endpoint answers in JSON if the request accepts anything.',
  how:
    'Exchanges a code with Accept: application/json (200). Then sends Accept: */*, and a list with ' +
    'application/json and */*, which many clients send, with a fresh code and, if the server issues ' +
    'refresh tokens, a refresh (200 with tokens), and with a made-up code (400 and a JSON error).',
  hint: 'Send JSON from the token endpoint whatever Accept says, and never redirect to a login page from there.',
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
