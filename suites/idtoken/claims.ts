/** Who issued an ID Token, for whom, and for which access token. */
import { quote } from '../../fixtures/expect/describe.js';
import type { DecodedIdToken, TokenSet } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, oidcDiscovery } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hashForIdToken, leftHalfOfHash } from '../steps/at-hash.js';
import { exchangedIdTokens, issuedIdTokens } from './issued-id-tokens.js';

export const iss = requirement({
  id: 'idtoken-iss',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcDiscovery('4.3')],
  needs: ['client', 'user'],
  statement: 'iss is the issuer from the discovery document.',
  how: "Compares the claim iss with the document's issuer as strings, for a confidential and a public client.",
  hint: 'Use exactly the same value for the issuer in both places.',
  async check({ flow, expect }) {
    const issued = await exchangedIdTokens(flow);
    const { issuer } = flow.metadata();
    if (typeof issuer !== 'string')
      throw new Blocked('discoveryMembers', 'The document has no issuer to compare with.');
    for (const { what, token, exchange } of issued) {
      const message = `iss in ${what} is not the discovery document's issuer.`;
      expect.same(token.claims.iss, issuer, message, exchange);
    }
  },
});

const listAudiences = ({ aud }: DecodedIdToken['claims']): readonly unknown[] =>
  Array.isArray(aud) ? aud : [aud];

export const aud = requirement({
  id: 'idtoken-aud',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'user'],
  statement: "aud contains the client's id.",
  how:
    'Expects aud to be the client_id, or an array of strings that contains it, and azp, if present, to be ' +
    'the client_id. For a confidential and a public client.',
  hint: 'Put the client_id of the client that exchanges the code into aud.',
  async check({ flow, expect, remark }) {
    for (const { what, token, tokens, exchange } of await exchangedIdTokens(flow)) {
      const { claims } = token;
      const { client_id } = tokens.client;
      const audiences = listAudiences(claims);
      expect.that(
        audiences.includes(client_id) && audiences.every((one) => typeof one === 'string'),
        `aud in ${what} is not the client.`,
        { expected: `aud with ${client_id}`, received: quote(claims.aud), exchange },
      );
      expect.that(claims.azp === undefined || claims.azp === client_id, `azp in ${what} is not the client.`, {
        expected: `azp ${client_id}, or none`,
        received: quote(claims.azp),
        exchange,
      });
      remark(`aud in ${what} is ${Array.isArray(claims.aud) ? 'an array' : 'a string'}.`);
    }
  },
});

export const audOthers = requirement({
  id: 'idtoken-aud-others',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.7'), oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'An ID Token for several audiences has azp.',
  how:
    'If aud has values besides the client_id, at an exchange or at a refresh, expects azp. A client has to ' +
    "refuse a token for audiences that it doesn't trust, and should look for azp then. Remarks on which " +
    'audiences they are.',
  hint: 'Put only the client_id into aud. If others have to be there, add azp.',
  async check({ flow, expect, remark }) {
    for (const { what, token, tokens, exchange } of await issuedIdTokens(flow)) {
      const audiences = listAudiences(token.claims);
      const others = audiences.filter((one) => one !== tokens.client.client_id);
      // An aud that lacks the client is judged by idtoken-aud and refresh-id-token.
      if (others.length === 0 || others.length === audiences.length) continue;
      remark(`aud in ${what} also has ${others.map(quote).join(', ')}.`);
      expect.that(
        token.claims.azp !== undefined,
        `aud in ${what} has audiences besides the client, and azp is missing.`,
        { expected: 'the client_id alone, or azp', received: quote(token.claims.aud), exchange },
      );
    }
  },
});

export const atHash = requirement({
  id: 'idtoken-at-hash',
  level: 'MUST',
  levelReason:
    'No keyword: this is how the claim is defined, and clients that check it refuse any other value.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.6')],
  needs: ['client', 'user'],
  statement: 'at_hash, if present, matches the access token.',
  how:
    "Expects at_hash, if present, to be the base64url encoding of the left half of the access_token's " +
    "hash, with the hash of the header's alg. For a confidential and a public client. The claim is " +
    'optional in the code flow.',
  hint: "Hash the ASCII bytes of the response's own access_token, and encode the left half.",
  async check({ flow, expect, remark }) {
    for (const { what, token, tokens, exchange } of await exchangedIdTokens(flow)) {
      const value = token.claims.at_hash;
      if (value === undefined) {
        remark(`There is no at_hash in ${what}; it is optional in the code flow.`);
        continue;
      }
      const computed = leftHalfOfHash(token, tokens.access_token);
      if (computed === null)
        throw new NotApplicable(`No hash is defined for alg ${String(token.header.alg)}.`);
      expect.that(value === computed, `at_hash in ${what} does not fit the access token.`, {
        expected: 'the left half of the hash of the access_token',
        received: explainMismatch(value, token, tokens),
        exchange,
      });
    }
  },
});

/** What a wrong at_hash is, where it is one of the usual mistakes. */
function explainMismatch(value: unknown, token: DecodedIdToken, tokens: TokenSet): string {
  if (typeof value !== 'string') return quote(value);
  const whole = hashForIdToken(token, tokens.access_token);
  const half = whole?.subarray(0, whole.length / 2);
  if (value === whole?.toString('base64url')) return 'the whole hash';
  if (value === half?.toString('hex')) return 'the left half in hexadecimal digits';
  if (value.replaceAll('=', '') === half?.toString('base64').replaceAll('=', ''))
    return 'the left half in base64 with other characters or padding';
  if (tokens.refresh_token !== null && value === leftHalfOfHash(token, tokens.refresh_token))
    return 'the hash of the refresh_token';
  if (value === leftHalfOfHash(token, tokens.code.value)) return 'the hash of the code';
  return `another value of ${value.length} characters`;
}
