/** A session of a check's own: begun by signing in, and asked for again. */
import type { BrowserPage, Users } from '../../fixtures/browser/types.js';
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode, findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { requireCode } from './codes.js';
import { continueToRedirect, isDecision } from './continue-to-redirect.js';
import { usernameIfKnown } from './login.js';
import { isNotTested, nullOn } from './signals.js';

/** Signs in and allows, in a session of this check's own. */
export async function beginSession(visit: BrowserPage, client: Client): Promise<AuthorizationOutcome> {
  const answer = await continueToRedirect(
    visit,
    await visit.openAuthorization({ client, note: 'the first login' }),
  );
  requireCode(answer, 'The first request of the visit');
  return answer;
}

/** @returns a browser in which the user has signed in, after the control request gave a code without credentials */
export async function openSession(
  { users }: Pick<CheckContext, 'users'>,
  control: AuthorizationOptions & { readonly client: Client },
): Promise<BrowserPage> {
  const visit = await users.newPage('nobody');
  await beginSession(visit, control.client);
  await demandSession(visit, control);
  return visit;
}

/** Cookies that may name the session: values as long as one that nobody can guess. */
export async function sessionValues(visit: BrowserPage): Promise<readonly string[]> {
  const cookies = await visit.context.cookies();
  return cookies.map(({ value }) => value).filter((value) => value.length >= 16);
}

/** @returns the answer. NotTested if the session that was just begun doesn't count */
export async function demandSession(
  visit: BrowserPage,
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const answer = await continueToRedirect(visit, await visit.openAuthorization(options), { signIn: false });
  if (findCodeInQuery(answer) !== null) return answer;
  throw new NotTested(
    `The server keeps no session that could be renewed: right after the login the request ended at ${describeOutcome(answer)}.`,
  );
}

/** @returns where a request ends to which nobody signs in; a code fails the check */
export async function continueWithoutCredentials(
  { expect }: Pick<CheckContext, 'expect'>,
  visit: BrowserPage,
  asked: AuthorizationOutcome,
  what: string,
): Promise<AuthorizationOutcome> {
  const answer = await continueToRedirect(visit, asked, { signIn: false });
  expect.noCode(
    answer,
    `${capitalize(what)} gave a code without credentials.`,
    'a login page, or an error such as login_required',
  );
  return answer;
}

/** @returns the answer after credentials, or null if an error came instead of a page */
export async function demandCredentials(
  { expect, remark }: Pick<CheckContext, 'expect' | 'remark'>,
  visit: BrowserPage,
  asked: AuthorizationOutcome,
  what: string,
): Promise<AuthorizationOutcome | null> {
  const answer = await continueWithoutCredentials({ expect }, visit, asked, what);
  if (answer.kind === 'redirected') {
    expect.authorizationRefused(answer, what);
    remark(`The server does not sign in again: ${describeOutcome(answer)}.`);
    return null;
  }
  if (answer.page.kind !== 'login') {
    throw new NotTested(`${capitalize(what)} ended at ${describeOutcome(answer)}, which is not understood.`);
  }
  const after = await continueToRedirect(visit, answer);
  expect.issuedCode(after, `${capitalize(what)} does not end with a code after credentials.`);
  return after;
}

/**
 * A whole visit in a browser without a session: signs in, and allows.
 * @returns where it ended; null if no password or no browser is known
 */
export async function answerAfterLogin(
  users: Users,
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome | null> {
  if ((await usernameIfKnown(users)) === null) return null;
  const visit = await nullOn(isNotTested, () => users.newPage('nobody'));
  return visit === null ? null : continueToRedirect(visit, await visit.openAuthorization(options));
}

/** @returns where a request of this browser ended, if that shows that somebody is signed in, or null */
export async function findSession(visit: BrowserPage): Promise<string | null> {
  const silent = await visit.openAuthorization({
    params: { prompt: 'none' },
    note: 'is somebody signed in here?',
  });
  if (findCode(silent) !== null) return describeOutcome(silent);
  if (silent.kind === 'redirected' && silent.query.get('error') === 'login_required') return null;
  // Another error may have another cause: what a user would see decides.
  const plain = await visit.openAuthorization({ note: 'what a user at this browser is shown' });
  return showsSession(plain) ? describeOutcome(plain) : null;
}

/** @returns whether only somebody who is signed in gets this answer */
export function showsSession(answer: AuthorizationOutcome): boolean {
  return findCode(answer) !== null || isDecision(answer);
}
