/** Nobody comes in without their password. */
import { findPasswordField } from '../../fixtures/browser/classify-page.js';
import { readPage } from '../../fixtures/browser/controls.js';
import type { BrowserPage, Credentials } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions } from '../../fixtures/flow/types.js';
import { readPageLabels } from '../../fixtures/target/settings.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { expectNoCodeSent } from '../steps/consent.js';
import { continueToRedirect, isDecision, isLogin } from '../steps/continue-to-redirect.js';
import { openLogin, usernameIfKnown } from '../steps/login.js';
import { isNotTested, isUnavailable, nullOn } from '../steps/signals.js';
import { loginForm, submitSameSite } from './forged-forms.js';

export const loginFirst = requirement({
  id: 'consent-login-first',
  level: 'MUST',
  profile: 'oauth',
  clauses: [oidcCore('3.1.2.3'), rfc(6749, '3.1')],
  needs: ['page', 'client', 'login-page'],
  byBrowser: true,
  statement: 'A user without a session has to sign in before anything is released.',
  how:
    'A browser with no cookies opens a valid request with no prompt. Expects a page that asks for ' +
    'credentials, at the server or at an identity provider that it redirects to. If another control comes ' +
    'first (allow, continue), presses it and expects no code. Expects no code by POST or with a login_hint ' +
    'either. After signing in and allowing, the code arrives in the same browser.' +
    ' The same for an id_token_hint.',
  hint: 'Look up the session before anything else, and send a user without one to the login page.',
  async check({ flow, users, expect, remark }) {
    const visit = await users.newPage('nobody');
    let answer = await visit.openAuthorization();
    for (let step = 0; step < 3 && isDecision(answer); step++) {
      remark('A page to allow came before any page to sign in.');
      answer = await visit.allow();
    }
    const login = 'a page that asks for credentials';
    expectNoCodeSent(expect, visit, answer, 'A user who had never signed in got a code.', login);
    if (answer.kind === 'redirected' || answer.page.kind === 'error') {
      // The same request of a user who is signed in shows that nothing else is wrong with it.
      await flow.code();
      expect.that(false, 'A user without a session was turned away instead of being asked to sign in.', {
        expected: login,
        received: describeOutcome(answer),
      });
      return;
    }
    if (answer.page.kind !== 'login') {
      throw new Error(
        `The suite can't tell whether this page asks for credentials: ${describeOutcome(answer)}. Name its fields under "pages" in the target file.`,
      );
    }
    const username = await usernameIfKnown(users);
    const hint = await nullOn(isUnavailable, () => flow.tokens({ note: 'for an ID Token as hint' }));
    const others: readonly (readonly [string, AuthorizationOptions])[] = [
      ['A request by POST', { method: 'POST' }],
      ...(hint?.id_token == null
        ? []
        : [['An id_token_hint', { params: { id_token_hint: hint.id_token } }] as const]),
      ...(username === null ? [] : [['A login_hint', { params: { login_hint: username } }] as const]),
    ];
    for (const [what, options] of others) {
      const other = await flow.authorize({ as: 'nobody', ...options, note: what });
      expect.noCode(other, `${what} gave a code to a user who had never signed in.`, login);
    }
    if (username === null) {
      await flow.code();
      remark(
        'No password is known, so signing in on that page was not tried; the same request gave a signed-in user a code.',
      );
      return;
    }
    requireCode(await continueToRedirect(visit, answer), 'Signing in and allowing');
  },
});

export const wrongPassword = requirement({
  id: 'consent-wrong-password',
  level: 'MUST',
  profile: 'oauth',
  clauses: [oidcCore('3.1.2.3'), rfc(6749, '3.1')],
  needs: ['user', 'page', 'client', 'login-page'],
  byBrowser: true,
  statement: 'A wrong password or one-time code signs nobody in.',
  how:
    "A browser with no cookies signs in with the user's name and a wrong password (or one-time code), only " +
    'once so that nothing gets locked. Expects no code and no page to allow on; then prompt=none in the ' +
    'same browser gets no code. The right password in a new browser gets a code. Not applicable if the ' +
    'login page asks for no password.' +
    ' The wrong password differs in its last character. Tries it once more at prompt=login, in the browser that is signed in.' +
    " Then tries an empty password and the second user's, and signs in with the right one again, so that no count of failures is left.",
  hint: 'Compare the password with the stored hash before you give the session to the user.',
  async check({ users, target, expect, remark, alter, learn }) {
    const { username, password } = users.credentials('first');
    const visit = await users.newPage('nobody');
    await openLogin(visit);
    const wrong = almostRight(password, { alter, learn });
    const asksPassword = await watchPassword(visit, wrong);
    const tried = await visit.signIn({ username, password: wrong });
    if (!asksPassword())
      throw new NotApplicable('The login page asks for no password: users sign in by their name alone.');
    const end = isDecision(tried) ? await visit.allow() : tried;
    const none = 'no code, and the user still signed out';
    expectNoCodeSent(expect, visit, end, 'A wrong password ended with a code.', none);
    remark(`After the wrong password came ${describeOutcome(tried)}.`);

    const silent = await visit.openAuthorization({
      params: { prompt: 'none' },
      note: 'prompt=none after the wrong password',
    });
    expect.noCode(silent, 'After a wrong password prompt=none gave a code.', none);
    expect.that(
      !isDecision(silent),
      'After a wrong password the server asks for consent as if somebody had signed in.',
      { expected: none, received: describeOutcome(silent) },
    );

    const other = await users.newPage('nobody');
    const right = await continueToRedirect(other, await other.openAuthorization());
    if (findCode(right) !== null) {
      await judgeAgain({ expect, remark }, other, { username, password: wrong });
      return judgeOtherPasswords({ users, target, expect, remark });
    }
    if (right.kind === 'stayed' && right.page.kind !== 'error') {
      throw new NotTested(
        `The right password alone does not sign in either: it ended at ${describeOutcome(right)}.`,
      );
    }
    requireCode(right, 'The right password');
  },
});

/** @returns a password that is the right one to a server that leaves out letter case, or what follows the first characters */
function almostRight(password: string, { alter, learn }: Pick<CheckContext, 'alter' | 'learn'>): string {
  const last = password.at(-1) ?? '';
  const other = last === last.toLowerCase() ? last.toUpperCase() : last.toLowerCase();
  if (other === last) return alter(password, 'last');
  const wrong = `${password.slice(0, -1)}${other}`;
  learn(wrong, 'a wrong password');
  return wrong;
}

/** Signing in again takes the same password as the first time, though the session is still there. */
async function judgeAgain(
  { expect, remark }: Pick<CheckContext, 'expect' | 'remark'>,
  visit: BrowserPage,
  credentials: Credentials,
): Promise<void> {
  const request = { params: { prompt: 'login' }, note: 'prompt=login, for a wrong password' };
  const asked = await visit.openAuthorization(request);
  if (!isLogin(asked)) return remark(`prompt=login ended at ${describeOutcome(asked)}.`);
  const tried = await visit.signIn(credentials);
  const message = 'At prompt=login a wrong password counts, as somebody is signed in already.';
  const expected = 'no code and no consent page, but the login page again or an error';
  expect.noCode(tried, message, expected);
  expect.that(!isDecision(tried), message, { expected, received: describeOutcome(tried), exchange: tried });
  // The right one ends what the server counts of wrong ones.
  if (isLogin(tried)) remark(`The right password then led to ${describeOutcome(await visit.signIn())}.`);
}

/** The form is sent as it is, since a page may keep an empty field from being sent where the server doesn't. */
async function judgeOtherPasswords({
  users,
  target,
  expect,
  remark,
}: Pick<CheckContext, 'users' | 'target' | 'expect' | 'remark'>): Promise<void> {
  const credentials = users.credentials('first');
  const second = await nullOn(isNotTested, async () => users.credentials('second').password);
  const visit = await users.newPage('nobody');
  for (const [what, password] of [
    ['An empty password', ''],
    ["Another user's password", second],
  ] as const) {
    if (password === null || password === credentials.password) continue;
    await openLogin(visit);
    const labels = readPageLabels(target.settings);
    const form = await nullOn(isNotTested, () => loginForm(visit, credentials, labels));
    if (form === null) return remark('The login takes several steps, so no other password was tried.');
    const fields = form.fields.map(
      ([name, value]) => [name, value === credentials.password ? password : value] as const,
    );
    const tried = await submitSameSite(visit, { ...form, fields });
    const expected = 'no code and no consent page, but the login page again or an error';
    expect.noCode(tried, `${what} signed in and gave a code.`, expected);
    const received = describeOutcome(tried);
    expect.that(!isDecision(tried), `${what} signed in.`, { expected, received, exchange: tried });
  }
  await openLogin(visit);
  remark(`The right password then led to ${describeOutcome(await visit.signIn())}.`);
}

/** @returns a function that says whether a password was asked for, or sent, since then */
async function watchPassword(visit: BrowserPage, password: string): Promise<() => boolean> {
  const isAsked = async (): Promise<boolean> =>
    findPasswordField((await readPage(visit.page)).controls) !== undefined;
  let asked = await isAsked();
  const sent = [password, encodeURIComponent(password)];
  visit.page.on('request', (request) => {
    const body = request.postData() ?? '';
    asked ||= sent.some((text) => body.includes(text));
  });
  return () => asked;
}
