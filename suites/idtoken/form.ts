/** The header of an ID Token, and the types of its claims. */
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, oidcRegistration, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { claimsScope } from '../steps/standard-claims.js';
import { exchangedIdTokens, issuedIdTokens } from './issued-id-tokens.js';

const KEY_HEADERS = ['jku', 'jwk', 'x5u', 'x5c'] as const;

export const keyHeaders = requirement({
  id: 'idtoken-key-headers',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: "The ID Token's header has no key and no link to one.",
  how: 'At an exchange and at a refresh, expects none of jku, jwk, x5u and x5c in the header.',
  hint: 'Name the key only with kid. Clients take keys from jwks_uri and must not follow the token.',
  async check({ flow, expect }) {
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const found = KEY_HEADERS.filter((name) => name in token.header);
      const message = `The header of ${what} has a key, or a link to one.`;
      expect.none(found, message, `none of ${KEY_HEADERS.join(', ')}`, exchange);
    }
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
    'Looks at confidential and public clients registered without id_token_signed_response_alg. Expects alg ' +
    'RS256. Not applicable if the server registered another algorithm and said so. Not tested if a client ' +
    'of the target file may be configured for another one.',
  hint: 'Sign with RS256 unless the client registered another algorithm.',
  async check({ flow, expect }) {
    for (const { what, token, tokens, exchange } of await exchangedIdTokens(flow)) {
      const { alg } = token.header;
      const { registration } = tokens.client;
      if (alg === 'RS256') continue;
      const registered = registration?.string('id_token_signed_response_alg') ?? null;
      if (registered !== null) throw new NotApplicable(`The server registered the algorithm ${registered}.`);
      if (registration === null)
        throw new NotTested(`The client of the target file may be configured for ${String(alg)}.`);
      expect.that(false, `The algorithm of ${what} is not the default.`, {
        expected: 'alg RS256, as the client registered none',
        received: `alg ${String(alg)}`,
        exchange,
      });
    }
  },
});

export const claimTypes = requirement({
  id: 'idtoken-claim-types',
  level: 'MUST',
  levelReason: "No keyword: the type is part of the claim's definition.",
  profile: 'oidc',
  clauses: [oidcCore('5.1'), oidcCore('2'), rfc(7519, '4.1.7')],
  needs: ['client', 'user'],
  statement: 'The claims in an ID Token have the right types and formats.',
  how:
    'Requests openid and all of email, profile, address and phone that client and server have, exchanged ' +
    'and refreshed. Expects the claims that are there to fit the JSON Schemas idtoken.json (acr and jti ' +
    'are strings, amr a list of strings) and claims.json (email_verified a boolean, updated_at seconds, ' +
    'absolute URLs, and so on).',
  hint: 'Give each claim the type that sections 2 and 5.1 define, and leave it out if it has no value.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const scope = (await nullOn(isNotTested, () => claimsScope(flow, client))) ?? flow.minimalScope;
    for (const { what, token, exchange } of await issuedIdTokens(flow, { client, scope })) {
      if (token.claims.sub === undefined) throw new Blocked('subject', 'The ID Token has no sub.');
      expect.matchesSchema('idtoken', token.claims, `the set of claims in ${what}`, exchange);
      expect.matchesSchema('claims', token.claims, `the set of standard claims in ${what}`, exchange);
    }
  },
});

export const jtiUnique = requirement({
  id: 'idtoken-jti-unique',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(7519, '4.1.7')],
  needs: ['client', 'user'],
  statement: 'No two ID Tokens have the same jti.',
  how:
    "Gets two grants, each exchanged and refreshed, and a public client's. Expects every jti, if present, " +
    'to differ.',
  hint: 'Make a new random jti for each token, also at a refresh, or leave the claim out.',
  async check({ flow, expect }) {
    const issued = [...(await issuedIdTokens(flow)), ...(await issuedIdTokens(flow))];
    const seen = new Map<unknown, string>();
    for (const { what, token, exchange } of issued) {
      const { jti } = token.claims;
      const message = `The jti of ${what} is another one's too.`;
      expect.none(seen.get(jti), message, 'another jti in each ID Token', exchange);
      if (jti !== undefined) seen.set(jti, `the jti of ${what}, issued before`);
    }
  },
});
