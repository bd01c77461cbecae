/** The claims that answer the authorization request: nonce and auth_time. */
import { randomBytes } from 'node:crypto';
import { quote } from '../../fixtures/expect/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';

/** Seconds by which auth_time may lie after iat, since two clocks may have made them. */
const SKEW = 60;
const GENEROUS_MAX_AGE = '10000';
/** Milliseconds: more than a second, so that an auth_time of the second request would differ. */
const BETWEEN_REQUESTS = 3000;

export const nonce = requirement({
  id: 'idtoken-nonce',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.2.1')],
  needs: ['client', 'user'],
  statement: 'nonce is returned unmodified.',
  how:
    'Two requests in one session, with a nonce of reserved characters and with one of 64 characters, both random: the ' +
    'claim of each ID Token is the identical string of its own request.',
  hint: 'Store the nonce with the code as it was sent, and copy it into the ID Token.',
  async check({ flow, expect }) {
    const random = randomBytes(12).toString('hex');
    for (const sent of [`${random}+/=&%~;"`, `${random}${'n'.repeat(64 - random.length)}`]) {
      const { claims } = flow.decodeIdToken(await flow.tokens({ nonce: sent }));
      expect.same(claims.nonce, sent, 'The nonce of the ID Token is not the one that was sent.');
    }
  },
});

export const nonceUnsent = requirement({
  id: 'idtoken-nonce-unsent',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'Without nonce in the request the claim is left out, not null.',
  how:
    'A request without nonce: the ID Token has no claim nonce. null, or any type but string, breaks the rule; a string ' +
    'that the server made up is noted. A request with nonce has the claim.',
  hint: 'Leave the claim out when the request had no nonce.',
  async check({ flow, expect, remark }) {
    const control = flow.decodeIdToken(await flow.tokens({ note: 'the same with nonce' })).claims.nonce;
    if (control === undefined)
      throw new Blocked('nonce', 'The ID Token has no nonce even where one was sent.');
    const { claims } = flow.decodeIdToken(await flow.tokens({ nonce: null, note: 'without nonce' }));
    const value = claims.nonce;
    expect.that(
      value === undefined || typeof value === 'string',
      'The ID Token has a nonce that is not a string, though none was sent.',
      { expected: 'no claim nonce', received: quote(value) },
    );
    if (typeof value === 'string') remark('The server made up a nonce, though none was sent.');
  },
});

export const authTime = requirement({
  id: 'idtoken-auth-time',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.2.1')],
  needs: ['client', 'user'],
  statement: 'A request with max_age yields auth_time.',
  how:
    'A request with max_age=10000: auth_time is a JSON number, not above iat plus 60 seconds. A second such request ' +
    'three seconds later in the same session, if no login page came, has the same auth_time; its sub is judged by ' +
    'idtoken-sub.',
  hint: 'Store when the user signed in with the session, and put it into the ID Token whenever max_age is sent.',
  async check({ flow, expect, remark, pause }) {
    const params = { max_age: GENEROUS_MAX_AGE };
    const { claims } = flow.decodeIdToken(await flow.tokens({ params }));
    const value = expect.number(claims.auth_time, 'auth_time');
    expect.that(typeof claims.iat !== 'number' || value <= claims.iat + SKEW, 'auth_time lies after iat.', {
      expected: `at most ${quote(claims.iat)} plus ${SKEW}`,
      received: quote(value),
    });
    // Where the sign-in is that long ago, a time of issue in its place would be seen at once.
    const ago = typeof claims.iat === 'number' ? claims.iat - value : 0;
    if (ago * 1000 < BETWEEN_REQUESTS) await pause(BETWEEN_REQUESTS);
    const later = await flow.tokens({ params });
    if (later.code.outcome.pages.some(({ kind }) => kind === 'login')) {
      remark('The second request asked for a login, so only the first was looked at.');
      return;
    }
    const again = flow.decodeIdToken(later).claims;
    if (again.sub !== claims.sub) throw new Blocked('subject', 'The second ID Token has another sub.');
    expect.same(again.auth_time, value, 'auth_time changed though nobody signed in again.');
  },
});
