/** Nobody comes in without their password. */
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  allowUntilRedirect,
  describeConsentAnswer,
  hasSentCode,
  isDecisionPage,
  readCode,
} from '../steps/consent.js';

export const loginFirst = requirement({
  id: 'consent-login-first',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.3'), rfc(6749, '3.1')],
  needs: ['page', 'client'],
  byBrowser: true,
  statement: 'An anonymous visitor is asked to sign in before anything is released.',
  how:
    'A browser without any cookie opens a valid request without prompt. Expected: a page that asks for ' +
    'credentials, of the server or of an identity provider that it sends to. Where another control is offered ' +
    'first (allow, continue) it is pressed, and no code may come. After signing in and allowing, the code arrives in the ' +
    'same browser.',
  hint: 'Look up the session before anything else, and send a visitor without one to the login page.',
  async check({ flow, users, expect, remark }) {
    const visit = await users.newPage('nobody');
    let answer = await visit.openAuthorization();
    for (let step = 0; step < 3 && answer.kind === 'stayed' && isDecisionPage(answer.page); step++) {
      remark('The visitor was shown a page to allow before any page to sign in.');
      answer = await visit.allow();
    }
    expect.that(
      readCode(answer) === null && !hasSentCode(visit),
      'A visitor who had never signed in got a code to the redirect URI.',
      { expected: 'a page that asks for credentials', received: describeConsentAnswer(answer) },
    );
    if (answer.kind === 'redirected' || answer.page.kind === 'error') {
      // The same request of a user who is signed in shows that nothing else is wrong with it.
      await flow.code();
      expect.that(false, 'A visitor without a session was turned away instead of being asked to sign in.', {
        expected: 'a page that asks for credentials',
        received: describeConsentAnswer(answer),
      });
      return;
    }
    if (answer.page.kind !== 'login') {
      throw new Error(
        `It cannot be told whether this asks for credentials: ${describeConsentAnswer(answer)}. Name its fields under "pages" in the target file.`,
      );
    }
    if (!hasPassword(users)) {
      await flow.code();
      remark(
        'No password is known, so signing in on that page was not tried; the same request gave a signed-in user a code.',
      );
      return;
    }
    const end = await allowUntilRedirect(visit, answer);
    if (readCode(end) === null) {
      throw new Blocked(
        'code',
        `Signing in and allowing ended at ${describeConsentAnswer(end)} instead of a code.`,
      );
    }
  },
});

export const wrongPassword = requirement({
  id: 'consent-wrong-password',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.3'), rfc(6749, '3.1')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'A wrong password or one-time code signs nobody in.',
  how:
    'A browser without any cookie opens a valid request and signs in with the user’s name and a wrong password ' +
    '(or one-time code), once only, so that no lock-out follows. Expected: no code, and no page on which the request ' +
    'could be allowed; then in the same browser prompt=none gives no code. The right password in a fresh browser ' +
    'ends with a code.',
  hint: 'Compare the password with the stored hash before the session is given to the user.',
  async check({ users, expect, remark, alter }) {
    const { username, password } = users.credentials('first');
    const visit = await users.newPage('nobody');
    const asked = await visit.openAuthorization();
    if (asked.kind === 'redirected' || asked.page.kind !== 'login') {
      throw new Blocked(
        'login',
        `The visitor was not asked to sign in but came to ${describeConsentAnswer(asked)}.`,
      );
    }
    const tried = await visit.signIn({ username, password: alter(password, 'random') });
    const end = tried.kind === 'stayed' && isDecisionPage(tried.page) ? await visit.allow() : tried;
    const none = { expected: 'no code, and the user still signed out' };
    expect.that(readCode(end) === null && !hasSentCode(visit), 'A wrong password ended with a code.', {
      ...none,
      received: describeConsentAnswer(end),
    });
    remark(`After the wrong password came ${describeConsentAnswer(tried)}.`);

    const silent = await visit.openAuthorization({
      params: { prompt: 'none' },
      note: 'prompt=none after the wrong password',
    });
    expect.that(readCode(silent) === null, 'After a wrong password prompt=none gave a code.', {
      ...none,
      received: describeConsentAnswer(silent),
    });
    expect.that(
      silent.kind === 'redirected' || !isDecisionPage(silent.page),
      'After a wrong password the server asks for consent as if somebody had signed in.',
      { ...none, received: describeConsentAnswer(silent) },
    );

    const other = await users.newPage('nobody');
    const right = await allowUntilRedirect(other, await other.openAuthorization());
    if (readCode(right) !== null) return;
    if (right.kind === 'stayed' && right.page.kind !== 'error') {
      throw new NotTested(
        `The right password alone does not sign in either: it ended at ${describeConsentAnswer(right)}.`,
      );
    }
    throw new Blocked(
      'code',
      `The right password ended at ${describeConsentAnswer(right)} instead of a code.`,
    );
  },
});

function hasPassword(people: { credentials(who: 'first'): unknown }): boolean {
  try {
    people.credentials('first');
    return true;
  } catch (signal) {
    if (signal instanceof NotTested) return false;
    throw signal;
  }
}
