/** Nobody comes in without their password. */

import { codeIn } from '../../fixtures/flow/answer.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import { NotTested } from '../../fixtures/verdict.js';
import { isDecision, onwards } from '../authz/onwards.js';
import { requirement } from '../requirement.js';
import { oidcCore, rfc } from '../sources.js';
import { requireCode } from '../steps/codes.js';
import { openLogin, usernameIfKnown } from '../steps/login.js';
import { noCodeSent } from './steps.js';

export const loginFirst = requirement({
  id: 'consent-login-first',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.3'), rfc(6749, '3.1')],
  needs: ['page', 'client'],
  byBrowser: true,
  statement: 'An anonymous visitor is asked to sign in before anything is released.',
  how:
    'A browser without any cookie opens a valid request without prompt. Expected: a page that asks for ' +
    'credentials, of the server or of an identity provider that it sends to. Where another control is offered ' +
    'first (allow, continue) it is pressed, and no code may come. After signing in and allowing, the code arrives in the ' +
    'same browser.',
  next: 'Look up the session before anything else, and send a visitor without one to the login page.',
  async check({ flow, people, expect, remark }) {
    const visit = await people.visit('nobody');
    let answer = await visit.open();
    for (let step = 0; step < 3 && isDecision(answer); step++) {
      remark('The visitor was shown a page to allow before any page to sign in.');
      answer = await visit.allow();
    }
    const login = 'a page that asks for credentials';
    noCodeSent(expect, visit, answer, 'A visitor who had never signed in got a code.', login);
    if (answer.kind === 'redirected' || answer.page.kind === 'error') {
      // The same request of a person who is signed in shows that nothing else is wrong with it.
      await flow.code();
      expect.that(false, 'A visitor without a session was turned away instead of being asked to sign in.', {
        expected: login,
        received: whereItEnded(answer),
      });
      return;
    }
    if (answer.page.kind !== 'login') {
      throw new Error(
        `It cannot be told whether this asks for credentials: ${whereItEnded(answer)}. Name its fields under "pages" in the target file.`,
      );
    }
    if ((await usernameIfKnown(people)) === null) {
      await flow.code();
      remark(
        'No password is known, so signing in on that page was not tried; the same request gave a signed-in person a code.',
      );
      return;
    }
    requireCode(await onwards(visit, answer), 'Signing in and allowing');
  },
});

export const wrongPassword = requirement({
  id: 'consent-wrong-password',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.3'), rfc(6749, '3.1')],
  needs: ['person', 'page', 'client'],
  byBrowser: true,
  statement: 'A wrong password or one-time code signs nobody in.',
  how:
    'A browser without any cookie opens a valid request and signs in with the person’s name and a wrong password ' +
    '(or one-time code), once only, so that no lock-out follows. Expected: no code, and no page on which the request ' +
    'could be allowed; then in the same browser prompt=none gives no code. The right password in a fresh browser ' +
    'ends with a code.',
  next: 'Compare the password with the stored hash before the session is given to the person.',
  async check({ people, expect, remark, alter }) {
    const { username, password } = people.credentials('first');
    const visit = await people.visit('nobody');
    await openLogin(visit);
    const tried = await visit.signIn({ username, password: alter(password, 'random') });
    const end = isDecision(tried) ? await visit.allow() : tried;
    const none = 'no code, and the person still signed out';
    noCodeSent(expect, visit, end, 'A wrong password ended with a code.', none);
    remark(`After the wrong password came ${whereItEnded(tried)}.`);

    const silent = await visit.open({
      params: { prompt: 'none' },
      note: 'prompt=none after the wrong password',
    });
    expect.noCode(silent, 'After a wrong password prompt=none gave a code.', none);
    expect.that(
      !isDecision(silent),
      'After a wrong password the server asks for consent as if somebody had signed in.',
      { expected: none, received: whereItEnded(silent) },
    );

    const other = await people.visit('nobody');
    const right = await onwards(other, await other.open());
    if (codeIn(right) !== null) return;
    if (right.kind === 'stayed' && right.page.kind !== 'error') {
      throw new NotTested(
        `The right password alone does not sign in either: it ended at ${whereItEnded(right)}.`,
      );
    }
    requireCode(right, 'The right password');
  },
});
