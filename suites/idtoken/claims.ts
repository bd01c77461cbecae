/** The claims that every ID Token has: who issued it, for whom, about whom, and when. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { quote } from '../../fixtures/expect/describe.js';
import type { DecodedIdToken, TokenSet } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, oidcDiscovery } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hashForIdToken, leftHalfOfHash } from '../steps/at-hash.js';

/** Seconds by which two clocks may differ before an ID Token counts as expired. */
const EXPIRY_SKEW = 60;
/** Seconds by which iat may differ from the time of the exchange. */
const ISSUE_SKEW = 300;

/** Seconds since 1970 of the exchange: by our clock and, where it was sent, by the server's Date header. */
function readTimes(exchange: Exchange): readonly number[] {
  const date = Date.parse(exchange.header('date') ?? '');
  return [Date.now() / 1000, ...(Number.isNaN(date) ? [] : [date / 1000])];
}

export const iss = requirement({
  id: 'idtoken-iss',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcDiscovery('4.3')],
  needs: ['client', 'user'],
  statement: 'iss is the issuer of the discovery document.',
  how: 'The claim iss and the issuer of the document are the same string.',
  hint: 'Use one value for the issuer in both places, to the letter.',
  async check({ flow, expect }) {
    const { claims } = flow.decodeIdToken(await flow.tokens());
    const { issuer } = flow.metadata();
    if (typeof issuer !== 'string')
      throw new Blocked('discoveryMembers', 'The document has no issuer to compare with.');
    expect.same(claims.iss, issuer, 'The ID Token names another issuer than the discovery document.');
  },
});

export const aud = requirement({
  id: 'idtoken-aud',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'user'],
  statement: 'aud contains the client’s id.',
  how: 'aud is the client_id, or an array of strings that contains it. azp, if present, is the client_id.',
  hint: 'Put the client_id of the client that redeems the code into aud.',
  async check({ flow, expect, remark }) {
    const tokens = await flow.tokens();
    const { claims } = flow.decodeIdToken(tokens);
    const { client_id } = tokens.client;
    const list: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
    expect.that(
      list.includes(client_id) && list.every((one) => typeof one === 'string'),
      'The ID Token is not addressed to the client.',
      { expected: `aud with ${client_id}`, received: quote(claims.aud) },
    );
    expect.that(
      claims.azp === undefined || claims.azp === client_id,
      'azp names another party than the client.',
      { expected: `azp ${client_id}, or none`, received: quote(claims.azp) },
    );
    remark(`aud is ${Array.isArray(claims.aud) ? 'an array' : 'a string'}.`);
  },
});

export const exp = requirement({
  id: 'idtoken-exp',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'exp is a time in the future.',
  how:
    'exp is a JSON number, above iat, and above the time of the exchange less 60 seconds, by our clock or by the ' +
    'Date header of the response, whichever is kinder.',
  hint: 'Set exp to seconds since 1970 after which the token must not be accepted.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const { claims } = flow.decodeIdToken(tokens);
    const now = Math.min(...readTimes(tokens.exchange));
    const value = expect.number(claims.exp, 'exp');
    expect.that(value > now - EXPIRY_SKEW, 'The ID Token has expired when it is issued.', {
      expected: `above ${Math.floor(now)} less ${EXPIRY_SKEW}`,
      received: quote(value),
    });
    expect.that(typeof claims.iat !== 'number' || value > claims.iat, 'exp is not after iat.', {
      expected: `above ${quote(claims.iat)}`,
      received: quote(value),
    });
  },
});

export const iat = requirement({
  id: 'idtoken-iat',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'iat is the time of issue.',
  how:
    'iat is a JSON number within 300 seconds of the time of the exchange, by our clock or by the Date header of the ' +
    'response.',
  hint: 'Set iat to the seconds since 1970 at which the token is made; look at the server’s clock.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const value = expect.number(flow.decodeIdToken(tokens).claims.iat, 'iat');
    const distance = Math.min(...readTimes(tokens.exchange).map((now) => Math.abs(now - value)));
    expect.that(distance <= ISSUE_SKEW, 'iat is not the time of issue.', {
      expected: `within ${ISSUE_SKEW} seconds of the exchange`,
      received: `${quote(value)}, ${Math.round(distance)} seconds away`,
    });
  },
});

export const atHash = requirement({
  id: 'idtoken-at-hash',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.3.6')],
  needs: ['client', 'user'],
  statement: 'at_hash, when present, matches the access token.',
  how:
    'at_hash, if present, is the base64url encoding of the left half of the hash of the access_token, by the hash of ' +
    'the header’s alg. Absence passes: the claim is optional in the code flow.',
  hint: 'Hash the ASCII octets of the very access_token in the response, and encode the left half of the octets.',
  async check({ flow, expect, remark }) {
    const tokens = await flow.tokens();
    const token = flow.decodeIdToken(tokens);
    const value = token.claims.at_hash;
    if (value === undefined) {
      remark('The ID Token has no at_hash, which is optional in the code flow.');
      return;
    }
    const computed = leftHalfOfHash(token, tokens.access_token);
    if (computed === null) throw new NotApplicable(`No hash is defined for alg ${String(token.header.alg)}.`);
    expect.that(value === computed, 'at_hash does not fit the access token.', {
      expected: 'the left half of the hash of the access_token',
      received: explainMismatch(value, token, tokens),
    });
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
