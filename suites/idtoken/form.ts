/** The header of an ID Token, and the form of its claims. */
import { quote } from '../../fixtures/expect/describe.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, oidcRegistration, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { claimsScope } from '../steps/standard-claims.js';

/** Seconds by which two clocks may differ. */
const SKEW = 60;
/** A time that is further away is in another unit. */
const FIFTY_YEARS = 50 * 366 * 86_400;
const TIMES = ['exp', 'iat', 'nbf', 'auth_time'] as const;
const KEY_HEADERS = ['jku', 'jwk', 'x5u', 'x5c'] as const;

export const keyHeaders = requirement({
  id: 'idtoken-key-headers',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'The header of an ID Token carries no key and no place of a key.',
  how: 'The header of an ID Token has none of the parameters jku, jwk, x5u and x5c.',
  hint: 'Name the key by kid alone: clients take keys from jwks_uri and must not follow the token.',
  async check({ flow, expect }) {
    const { code, exchange, ...tokens } = await flow.tokens();
    const { header } = flow.decodeIdToken({ ...tokens, code, exchange });
    const found = KEY_HEADERS.filter((name) => name in header);
    expect.that(found.length === 0, 'The header of the ID Token carries a key, or the place of one.', {
      expected: 'none of jku, jwk, x5u, x5c',
      received: found.join(', '),
      exchange,
    });
  },
});

export const algDefault = requirement({
  id: 'idtoken-alg-default',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.7'), oidcRegistration('2')],
  needs: ['client', 'user'],
  statement: 'A client that registered no algorithm gets ID Tokens signed with RS256.',
  how:
    'A client that was registered without id_token_signed_response_alg: alg in the header is RS256. Not applicable where ' +
    'the server registered another algorithm and said so; not tested where the client is configured for another one.',
  hint: 'Sign with RS256 unless the client registered another algorithm.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const { alg } = flow.decodeIdToken(tokens).header;
    const { registration } = tokens.client;
    if (alg === 'RS256') return;
    const registered = registration?.string('id_token_signed_response_alg') ?? null;
    if (registered !== null) throw new NotApplicable(`The server registered the algorithm ${registered}.`);
    if (registration === null)
      throw new NotTested(`The client of the target file may be configured for ${String(alg)}.`);
    expect.that(false, 'The ID Token is not signed with the default algorithm.', {
      expected: 'alg RS256, as the client registered none',
      received: `alg ${String(alg)}`,
      exchange: tokens.exchange,
    });
  },
});

export const expSeconds = requirement({
  id: 'idtoken-exp-seconds',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), rfc(7519, '2')],
  needs: ['client', 'user'],
  statement: 'The times in an ID Token are seconds since 1970.',
  how:
    'A request with max_age, so that auth_time is there too. exp, iat, nbf and auth_time, where present, are JSON ' +
    'numbers within fifty years of now: anything further away is in milliseconds.',
  hint: 'Divide milliseconds by 1000 before they become exp, iat or auth_time.',
  async check({ flow, expect }) {
    const { exchange, ...tokens } = await flow.tokens({ params: { max_age: '10000' } });
    const { claims } = flow.decodeIdToken({ ...tokens, exchange });
    const now = Date.now() / 1000;
    for (const name of TIMES) {
      const value = claims[name];
      if (value === undefined) continue;
      expect.that(
        typeof value === 'number' && Math.abs(value - now) < FIFTY_YEARS,
        `${name} is not in seconds.`,
        {
          expected: 'seconds since 1970, within fifty years of now',
          received: quote(value),
          exchange,
        },
      );
    }
  },
});

export const nbf = requirement({
  id: 'idtoken-nbf',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(7519, '4.1.5')],
  needs: ['client', 'user'],
  statement: 'An ID Token is good from the moment it is issued.',
  how: 'nbf, where present, is a JSON number that is not more than 60 seconds ahead of the time of the exchange.',
  hint: 'Leave nbf out, or set it to the time of issue.',
  async check({ flow, expect, remark }) {
    const { exchange, ...tokens } = await flow.tokens();
    const { nbf: value } = flow.decodeIdToken({ ...tokens, exchange }).claims;
    if (value === undefined) return remark('The ID Token has no nbf.');
    const date = Date.parse(exchange.header('date') ?? '');
    const now = Math.max(Date.now(), Number.isNaN(date) ? 0 : date) / 1000;
    expect.that(
      typeof value === 'number' && value <= now + SKEW,
      'A fresh ID Token is not valid yet, by its nbf.',
      {
        expected: `at most ${Math.floor(now)} plus ${SKEW}`,
        received: quote(value),
        exchange,
      },
    );
  },
});

export const claimTypes = requirement({
  id: 'idtoken-claim-types',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.1')],
  needs: ['client', 'user'],
  statement: 'Standard claims in an ID Token have their types and formats.',
  how:
    'An ID Token of a request for openid and all of email, profile, address and phone that client and server have. The ' +
    'claims that are there fit the JSON Schema claims.json: email_verified a boolean, updated_at seconds, URLs ' +
    'absolute, and so on. A server may leave them to userinfo.',
  hint: 'Give each standard claim the type that section 5.1 defines.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const tokens = await flow.tokens({ client, scope: claimsScope(flow, client) });
    const { claims } = flow.decodeIdToken(tokens);
    if (claims.sub === undefined) throw new Blocked('subject', 'The ID Token has no sub.');
    expect.matchesSchema('claims', claims, 'the set of standard claims in the ID Token');
  },
});
