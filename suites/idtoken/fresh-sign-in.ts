/** What an ID Token says of a sign-in that has just happened. */
import { quote } from '../../fixtures/expect/describe.js';
import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { exchangeOrBlock } from '../steps/exchange.js';
import { openLogin } from '../steps/login.js';

/** Seconds between a sign-in and what the ID Token says of it: clocks differ, and pages take a while. */
const TOLERANCE = 300;

export const authTimeFresh = requirement({
  id: 'idtoken-auth-time-fresh',
  level: 'MUST',
  levelReason: 'No keyword: section 2 defines auth_time as the time when the user signed in.',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.2.1')],
  needs: ['client', 'user', 'page'],
  statement: 'auth_time is when the user just signed in.',
  how:
    'A browser with no cookies opens a request with max_age=10000, and the user signs in. Expects the ID ' +
    "Token's auth_time to be within 300 seconds of that.",
  hint: 'Set auth_time whenever the user signs in, not when the account or the first session was created.',
  async check({ flow, users, expect }) {
    users.credentials('first');
    const visit = await users.newPage('nobody');
    const login = await openLogin(visit, { params: { max_age: '10000' }, note: 'a fresh sign-in' });
    const signedInAt = Date.now() / 1000;
    const code = requireCode(await continueToRedirect(visit, login), 'Signing in and allowing');
    const exchange = await exchangeOrBlock(flow, code);
    const { claims } = flow.decodeIdToken({
      access_token: '',
      refresh_token: null,
      id_token: exchange.string('id_token'),
      scope: '',
      client: code.client,
      code,
      exchange,
    });
    const value = expect.number(claims.auth_time, 'auth_time');
    expect.that(Math.abs(value - signedInAt) <= TOLERANCE, 'auth_time is not when the user just signed in.', {
      expected: `within ${TOLERANCE} seconds of ${Math.floor(signedInAt)}`,
      received: `${quote(value)}, ${Math.round(Math.abs(value - signedInAt))} seconds away`,
      exchange,
    });
  },
});
