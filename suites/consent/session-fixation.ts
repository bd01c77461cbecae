/** A session belongs to the browser in which the user signed in. */

import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { allowUntilRedirect, describeConsentAnswer, isDecisionPage, readCode } from '../steps/consent.js';

export const sessionFixation = requirement({
  id: 'consent-session-fixation',
  level: 'SHOULD',
  profile: 'polar',
  clauses: [rfc(6265, '8.4')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'Cookies that existed before the login do not carry the signed-in session.',
  how:
    'A browser opens a request up to the login page; all its cookies are copied into another browser. In the first ' +
    'one the user signs in and allows. Expected in the other, with the copied cookies: no code with prompt=none, ' +
    'and the login page without it. In the first browser the same request ends with a code or the consent page.',
  hint: 'Give the session a new identifier when somebody signs in, and forget the old one.',
  async check({ users, expect, remark }) {
    const own = await users.newPage('nobody');
    const asked = await own.openAuthorization();
    if (asked.kind === 'redirected' || asked.page.kind !== 'login') {
      throw new Blocked(
        'login',
        `The visitor was not asked to sign in but came to ${describeConsentAnswer(asked)}.`,
      );
    }
    const cookies = await own.context.cookies();
    const end = await allowUntilRedirect(own, asked);
    if (readCode(end) === null) {
      throw new Blocked(
        'code',
        `Signing in and allowing ended at ${describeConsentAnswer(end)} instead of a code.`,
      );
    }
    const again = await own.openAuthorization({ note: 'in the browser of the user' });
    if (readCode(again) === null && !(again.kind === 'stayed' && isDecisionPage(again.page))) {
      remark(
        `No session is kept: the next request of the same browser came to ${describeConsentAnswer(again)}.`,
      );
      return;
    }
    if (cookies.length === 0) {
      remark('There was no cookie before the login.');
      return;
    }
    const other = await users.newPage('nobody');
    await other.context.addCookies(cookies);
    const got = await openSignedIn(other);
    expect.that(got === null, 'Cookies from before the login carry the session of the user who signed in.', {
      expected: 'login_required, or the login page',
      received: got === null ? '' : describeConsentAnswer(got),
    });
    remark(`${cookies.length} cookies from before the login were tried.`);
  },
});

/** @returns what shows that somebody is signed in at this browser, or null */
export async function openSignedIn(visit: BrowserPage): Promise<AuthorizationOutcome | null> {
  const silent = await visit.openAuthorization({
    params: { prompt: 'none' },
    note: 'is somebody signed in here?',
  });
  if (readCode(silent) !== null) return silent;
  if (silent.kind === 'redirected' && silent.query.get('error') === 'login_required') return null;
  // Another error may have another cause: what a user would see decides.
  const plain = await visit.openAuthorization({ note: 'what a user at this browser is shown' });
  return readCode(plain) !== null || (plain.kind === 'stayed' && isDecisionPage(plain.page)) ? plain : null;
}
