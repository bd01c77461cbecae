/** When an ID Token was issued, from when it is valid, and until when. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { quote } from '../../fixtures/expect/describe.js';
import { parseDateHeader } from '../../fixtures/http/headers.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { issuedIdTokens } from './issued-id-tokens.js';

/** Seconds by which two clocks may differ before an ID Token counts as expired, or as not valid yet. */
const SKEW = 60;
/** Seconds by which iat may differ from the time of the exchange. */
const ISSUE_SKEW = 300;
/** A time that is further away is in another unit. */
const FIFTY_YEARS = 50 * 366 * 86_400;
const TIMES = ['exp', 'iat', 'nbf', 'auth_time'] as const;

/** Seconds since 1970 of the exchange: by our clock and, where it was sent, by the server's Date header. */
function readTimes(exchange: Exchange): readonly number[] {
  const date = parseDateHeader(exchange.header('date'));
  return [Date.now() / 1000, ...(date === null ? [] : [date])];
}

export const exp = requirement({
  id: 'idtoken-exp',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'exp is in the future.',
  how:
    'At an exchange and at a refresh, expects exp to be a JSON number above iat, and at most 60 seconds ' +
    'before the response, by our clock or the Date header, whichever is kinder.',
  hint: 'Set exp to the time, in seconds since 1970, after which the token must not be accepted.',
  async check({ flow, expect }) {
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const { claims } = token;
      const now = Math.min(...readTimes(exchange));
      const value = expect.number(claims.exp, `exp in ${what}`, exchange);
      const received = quote(value);
      expect.that(value > now - SKEW, `By its exp, ${what} has expired before it's issued.`, {
        expected: `above ${Math.floor(now)} less ${SKEW}`,
        received,
        exchange,
      });
      // A token without lifetime. Where iat is no time of issue, idtoken-iat says so.
      const isIssued =
        typeof claims.iat === 'number' && claims.iat <= Math.max(...readTimes(exchange)) + SKEW;
      const expected = `above ${quote(claims.iat)}`;
      const isAfter = !isIssued || value > Number(claims.iat);
      expect.that(isAfter, `exp in ${what} is not after iat.`, { expected, received, exchange });
    }
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
    'At an exchange and at a refresh, expects iat to be a JSON number within 300 seconds of the response, ' +
    'by our clock or by its Date header.',
  hint: "Set iat to the seconds since 1970 when the token is made, and check the server's clock.",
  async check({ flow, expect }) {
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const value = expect.number(token.claims.iat, `iat in ${what}`, exchange);
      const distance = Math.min(...readTimes(exchange).map((now) => Math.abs(now - value)));
      expect.that(distance <= ISSUE_SKEW, `iat in ${what} is not the time of issue.`, {
        expected: `within ${ISSUE_SKEW} seconds of the response`,
        received: `${quote(value)}, ${Math.round(distance)} seconds away`,
        exchange,
      });
    }
  },
});

export const expSeconds = requirement({
  id: 'idtoken-exp-seconds',
  level: 'MUST',
  levelReason: 'No keyword: section 2 defines the times in seconds. In milliseconds, a token never expires.',
  profile: 'oidc',
  clauses: [oidcCore('2'), rfc(7519, '2')],
  needs: ['client', 'user'],
  statement: 'The times in an ID Token are seconds since 1970.',
  how:
    'Requests with and without max_age (for auth_time), each exchanged and refreshed. Expects exp, iat, ' +
    'nbf and auth_time, if present, to be JSON numbers within fifty years of now. Anything farther away is ' +
    'in milliseconds.',
  hint: 'Divide milliseconds by 1000 before you use them as exp, iat or auth_time.',
  async check({ flow, expect }) {
    const issued = [
      ...(await issuedIdTokens(flow)),
      ...(await issuedIdTokens(flow, { params: { max_age: '10000' } })),
    ];
    const now = Date.now() / 1000;
    for (const { what, token, exchange } of issued) {
      for (const name of TIMES) {
        const value = token.claims[name];
        if (value === undefined) continue;
        const isNear = typeof value === 'number' && Math.abs(value - now) < FIFTY_YEARS;
        expect.that(isNear, `${name} in ${what} is not in seconds.`, {
          expected: 'seconds since 1970, within fifty years of now',
          received: quote(value),
          exchange,
        });
      }
    }
  },
});

export const nbf = requirement({
  id: 'idtoken-nbf',
  level: 'MUST',
  levelReason: 'The MUST NOT binds the client, which then has to refuse an ID Token it just received.',
  profile: 'oidc',
  clauses: [rfc(7519, '4.1.5')],
  needs: ['client', 'user'],
  statement: "An ID Token is valid from the moment it's issued.",
  how:
    'At an exchange and at a refresh, expects nbf, if present, to be a JSON number at most 60 seconds ' +
    'ahead of the response.',
  hint: 'Leave nbf out, or set it to the time of issue.',
  async check({ flow, expect, remark }) {
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const { nbf: value } = token.claims;
      if (value === undefined) {
        remark(`There is no nbf in ${what}.`);
        continue;
      }
      const now = Math.max(...readTimes(exchange));
      const isPast = typeof value === 'number' && value <= now + SKEW;
      expect.that(isPast, `By its nbf, ${what} is not valid yet.`, {
        expected: `at most ${Math.floor(now)} plus ${SKEW}`,
        received: quote(value),
        exchange,
      });
    }
  },
});
