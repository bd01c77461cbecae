/** Userinfo as scripts in browsers, and careless clients, call it. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { demandClaims, freshUserinfo, isErrorWith200 } from '../steps/userinfo.js';

export const queryToken = requirement({
  id: 'userinfo-query-token',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(6750, '2.3'), rfc(9700, '4.3.2')],
  needs: ['userinfo', 'user'],
  statement: "Userinfo doesn't accept a token in the query string.",
  how:
    'With the token in the header, gets 200. Then sends it as access_token in the query with no header, by ' +
    'GET and by POST. Expects a status from 400 to 499 and no sub.',
  hint: 'Read tokens only from the Authorization header: query strings end up in logs.',
  async check({ flow, expect }) {
    const { access_token } = await flow.tokens();
    demandClaims(await freshUserinfo(flow, access_token));
    const endpoint = flow.endpoint('userinfo');
    const url = `${endpoint}${endpoint.includes('?') ? '&' : '?'}${new URLSearchParams({ access_token })}`;
    for (const method of ['GET', 'POST']) {
      const headers = { accept: 'application/json' };
      const exchange = await flow.send({ method, url, headers, note: `the token in the query, ${method}` });
      if (!isErrorWith200(exchange))
        expect.clientError(exchange, `Userinfo accepts a token in the query string, by ${method}.`);
      const message = 'Userinfo refuses a token in the query, but shows claims anyway.';
      expect.that(exchange.object().sub === undefined, message, {
        expected: 'no claims',
        received: 'sub',
        exchange,
      });
    }
  },
});

export const cors = requirement({
  id: 'userinfo-cors',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('5.3'), rfc(9700, '2.6')],
  needs: ['userinfo', 'user'],
  statement: 'Scripts on other origins can call userinfo with a token and read the response.',
  how:
    "With the origin of the client's redirect URI, sends a preflight for GET with the header " +
    'authorization, and GET with and without a token. Expects Access-Control-Allow-Origin with that origin ' +
    'or * each time, and a preflight that allows authorization. Remarks on whether the configuration ' +
    'document and the key set can be read that way.',
  hint:
    'Answer preflights at userinfo, and send Access-Control-Allow-Origin with every response, including ' +
    'errors.',
  async check({ flow, target, expect, remark }) {
    const { access_token, client } = await flow.tokens();
    if (!/^https?:/i.test(client.redirect_uri))
      throw new NotTested("The client's redirect URI has no web origin.");
    const { origin } = new URL(client.redirect_uri);
    const url = flow.endpoint('userinfo');
    const allowed = (exchange: Exchange) => exchange.header('access-control-allow-origin') ?? 'none';
    const isAllowed = (exchange: Exchange) => ['*', origin].includes(allowed(exchange));
    const expected = `Access-Control-Allow-Origin: ${origin} or *`;
    const asking = {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    };
    const headers = { origin, ...asking };
    const preflight = await flow.send({ method: 'OPTIONS', url, headers, note: 'a preflight' });
    const names = preflight.header('access-control-allow-headers') ?? 'none';
    expect.that(
      isAllowed(preflight) && names.toLowerCase().includes('authorization'),
      'A preflight at userinfo does not allow a token in the header.',
      {
        expected: `${expected}, Access-Control-Allow-Headers with authorization`,
        received: `status ${preflight.status}, Access-Control-Allow-Origin: ${allowed(preflight)}, Access-Control-Allow-Headers: ${names}`,
        exchange: preflight,
      },
    );
    demandClaims(await freshUserinfo(flow, access_token));
    for (const [what, token] of [
      ['the answer', { authorization: `Bearer ${access_token}` }],
      ['a refusal', {}],
    ] as const) {
      const note = `${what} of userinfo, for a script in the browser`;
      const exchange = await flow.send({ url, headers: { origin, ...token }, note });
      expect.that(isAllowed(exchange), `A script of another origin cannot read ${what} of userinfo.`, {
        expected,
        received: allowed(exchange),
        exchange,
      });
    }
    for (const [what, place] of [
      ['the configuration document', target.discoveryUrl],
      ['the key set', flow.endpoint('jwks')],
    ] as const) {
      const answer = await flow.send({ url: place, headers: { origin }, note: `${what}, from a script` });
      if (!isAllowed(answer)) remark(`A script of another origin cannot read ${what}.`);
    }
  },
});
