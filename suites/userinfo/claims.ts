/** The claims that userinfo gives: those that were asked for, each with its type. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { isObject } from '../../fixtures/evidence/exchange.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { parseScopes } from '../steps/granted-scopes.js';
import { CLAIMS_OF_SCOPES, claimsScope } from '../steps/standard-claims.js';

/** Userinfo of a grant with every scope for claims, as JSON. Blocked by userinfo-get. */
async function fetchAllClaims(
  flow: Flow,
): Promise<{ readonly exchange: Exchange; readonly claims: Readonly<Record<string, unknown>> }> {
  const client = await flow.client();
  const scope = claimsScope(flow, client);
  const { access_token } = await flow.tokens({ client, scope });
  const exchange = await flow.userinfo(access_token, `userinfo of a grant for ${scope}`);
  if (exchange.mediaType === 'application/jwt')
    throw new NotTested('The userinfo response is a JWT; its claims are judged in the ID Token.');
  const claims = exchange.json();
  if (exchange.status === 200 && isObject(claims)) return { exchange, claims };
  throw new Blocked('userinfo', `Userinfo answered ${exchange.status} without claims.`);
}

export const claimTypes = requirement({
  id: 'userinfo-claim-types',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.1'), oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'Standard claims at userinfo have their types and formats.',
  how:
    'Userinfo of a grant for openid and all of email, profile, address and phone that client and server have. The claims ' +
    'that are there fit the JSON Schema claims.json: email_verified a boolean, updated_at seconds, birthdate a date ' +
    'or a year, locale a language tag, URLs absolute.',
  hint: 'Give each standard claim the type that section 5.1 defines.',
  async check({ flow, expect }) {
    const { claims } = await fetchAllClaims(flow);
    expect.matchesSchema('claims', claims, 'the set of standard claims at userinfo');
  },
});

export const claimEmpty = requirement({
  id: 'userinfo-claim-empty',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('5.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'A claim without a value is left out of userinfo.',
  how:
    'Userinfo of a grant for openid and all of email, profile, address and phone that client and server have. No member ' +
    'is null or an empty string.',
  hint: 'Leave a claim out where the account has no value for it.',
  async check({ flow, expect }) {
    const { claims, exchange } = await fetchAllClaims(flow);
    const empty = Object.keys(claims).filter((name) => claims[name] === null || claims[name] === '');
    expect.that(empty.length === 0, 'Userinfo has claims that are null or empty.', {
      expected: 'no such members',
      received: empty.map((name) => `${name}: ${JSON.stringify(claims[name])}`).join(', '),
      exchange,
    });
  },
});

export const claimsUnasked = requirement({
  id: 'userinfo-claims-unasked',
  // Section 5.4 says which scope asks for which claims; no keyword forbids others.
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('5.4')],
  needs: ['userinfo', 'user'],
  statement: 'A grant for openid alone shows no claims that other scopes ask for.',
  how:
    'A grant for openid alone, of a client of the check’s own where registration is open. Neither userinfo nor the ID ' +
    'Token has a claim that profile, email, address or phone ask for. Not tested where the server granted more.',
  hint: 'Add a claim only where the scope that asks for it was granted.',
  async check({ flow, expect }) {
    const client = (await ownClientIfOpen(flow)) ?? (await flow.client());
    const tokens = await flow.tokens({ client, scope: flow.minimalScope });
    if (parseScopes(tokens.scope).size > 1)
      throw new NotTested(`the server granted "${tokens.scope}" though openid alone was asked for`);
    const exchange = await flow.userinfo(tokens.access_token, 'userinfo of openid alone');
    if (exchange.status !== 200) throw new Blocked('userinfo', `Userinfo answered ${exchange.status}.`);
    const places = [
      { where: 'at userinfo', claims: exchange.object(), exchange },
      ...(tokens.id_token === null
        ? []
        : [
            {
              where: 'in the ID Token',
              claims: flow.decodeIdToken(tokens).claims,
              exchange: tokens.exchange,
            },
          ]),
    ];
    for (const { where, claims, exchange: shown } of places) {
      const surplus = CLAIMS_OF_SCOPES.filter((name) => claims[name] !== undefined);
      expect.that(surplus.length === 0, `Claims that nobody asked for are shown ${where}.`, {
        expected: 'sub, and no claims of profile, email, address or phone',
        received: surplus.join(', '),
        exchange: shown,
      });
    }
  },
});

export const queryToken = requirement({
  id: 'userinfo-query-token',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(6750, '2.3'), rfc(9700, '4.3.2')],
  needs: ['userinfo', 'user'],
  statement: 'Userinfo does not accept a token in the query string.',
  how: 'With the token in the header 200. The same token as access_token in the query, without header: a status from 400 to 499, and no sub.',
  hint: 'Read tokens from the Authorization header alone: query strings end up in logs.',
  async check({ flow, expect }) {
    const { access_token } = await flow.tokens();
    const control = await flow.userinfo(access_token, 'the control request');
    if (control.status !== 200) throw new Blocked('userinfo', `Userinfo answered ${control.status}.`);
    const endpoint = flow.endpoint('userinfo');
    const query = new URLSearchParams({ access_token });
    const exchange = await flow.send({
      url: `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query}`,
      headers: { accept: 'application/json' },
      note: 'the token in the query',
    });
    expect.clientError(exchange, 'Userinfo accepts a token in the query string.');
    expect.that(
      exchange.object().sub === undefined,
      'Userinfo refuses a token in the query, and shows claims all the same.',
      {
        expected: 'no claims',
        received: 'sub',
        exchange,
      },
    );
  },
});

export const cors = requirement({
  id: 'userinfo-cors',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('5.3'), rfc(9700, '2.6')],
  needs: ['userinfo', 'user'],
  statement: 'Scripts of other origins can call userinfo with a token, and read the answer.',
  how:
    'With the origin of the client’s redirect URI: a preflight for GET with the header authorization, and GET with a ' +
    'token. Expected: Access-Control-Allow-Origin is that origin or * in both, and the preflight allows authorization. ' +
    'Whether the configuration document and the key set can be read so is remarked on.',
  hint: 'Answer preflights at userinfo, and send Access-Control-Allow-Origin with every answer.',
  async check({ flow, target, expect, remark }) {
    const tokens = await flow.tokens();
    const { redirect_uri } = tokens.client;
    if (!/^https?:/i.test(redirect_uri))
      throw new NotTested('the client’s redirect URI belongs to no origin of the web');
    const { origin } = new URL(redirect_uri);
    const url = flow.endpoint('userinfo');
    const isAllowed = (exchange: Exchange) =>
      ['*', origin].includes(exchange.header('access-control-allow-origin') ?? '');
    const preflight = await flow.send({
      method: 'OPTIONS',
      url,
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
      note: 'a preflight',
    });
    const allowed = (preflight.header('access-control-allow-headers') ?? '').toLowerCase();
    expect.that(
      isAllowed(preflight) && allowed.includes('authorization'),
      'A preflight at userinfo does not allow a token in the header.',
      {
        expected: `Access-Control-Allow-Origin: ${origin} or *, Access-Control-Allow-Headers with authorization`,
        received: `status ${preflight.status}, Access-Control-Allow-Origin: ${preflight.header('access-control-allow-origin') ?? 'none'}, Access-Control-Allow-Headers: ${allowed || 'none'}`,
        exchange: preflight,
      },
    );
    const exchange = await flow.send({
      url,
      headers: { origin, authorization: `Bearer ${tokens.access_token}` },
      note: 'userinfo, from a script in the browser',
    });
    if (exchange.status !== 200) throw new Blocked('userinfo', `Userinfo answered ${exchange.status}.`);
    expect.that(isAllowed(exchange), 'A script of another origin cannot read the answer of userinfo.', {
      expected: `Access-Control-Allow-Origin: ${origin} or *`,
      received: exchange.header('access-control-allow-origin') ?? 'no such header',
      exchange,
    });
    for (const [what, place] of [
      ['the configuration document', target.discoveryUrl],
      ['the key set', flow.endpoint('jwks')],
    ] as const) {
      const answer = await flow.send({ url: place, headers: { origin }, note: `${what}, from a script` });
      if (!isAllowed(answer)) remark(`A script of another origin cannot read ${what}.`);
    }
  },
});
