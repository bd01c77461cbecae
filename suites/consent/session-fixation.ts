/** A session belongs to the browser in which the user signed in. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { openLogin } from '../steps/login.js';
import { findSession, showsSession } from '../steps/session.js';

export const sessionFixation = requirement({
  id: 'consent-session-fixation',
  level: 'SHOULD',
  profile: 'polar',
  clauses: [rfc(6265, '8.4')],
  needs: ['user', 'page', 'client', 'login-page'],
  byBrowser: true,
  statement: "Cookies from before the login don't carry the signed-in session.",
  how:
    'A browser opens a request up to the login page, and its cookies are copied to another browser. The ' +
    'user signs in and allows in the first. In the other, expects no code with prompt=none, and the login ' +
    'page without it. In the first browser, the same request gets a code or the consent page.',
  hint: 'Give the session a new identifier when someone signs in, and drop the old one.',
  async check({ users, expect, remark }) {
    const own = await users.newPage('nobody');
    const asked = await openLogin(own);
    const cookies = await own.context.cookies();
    requireCode(await continueToRedirect(own, asked), 'Signing in and allowing');
    const again = await own.openAuthorization({ note: 'in the browser of the user' });
    if (!showsSession(again)) {
      remark(`No session is kept: the next request of the same browser came to ${describeOutcome(again)}.`);
      return;
    }
    if (cookies.length === 0) {
      remark('There was no cookie before the login.');
      return;
    }
    const other = await users.newPage('nobody');
    await other.context.addCookies(cookies);
    expect.none(
      await findSession(other),
      'Cookies from before the login carry the session of the user who signed in.',
      'login_required, or the login page',
    );
    remark(`${cookies.length} cookies from before the login were tried.`);
  },
});
