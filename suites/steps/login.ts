/** Signing in, where a check needs the login page or the password. */
import type { BrowserPage, Users } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions, AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { isLogin } from './continue-to-redirect.js';
import { isNotTested, nullOn } from './signals.js';

/** Opens the request in a browser without a session. Blocked by consent-login-first if no login page is shown. */
export async function openLogin(
  visit: BrowserPage,
  options?: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const answer = await visit.openAuthorization(options);
  if (isLogin(answer)) return answer;
  throw new Blocked(
    'login',
    `A user without a session was not asked to sign in, but came to ${describeOutcome(answer)}.`,
  );
}

/** @returns the first user's name, or null if only a saved session is known */
export async function usernameIfKnown(users: Users): Promise<string | null> {
  return nullOn(isNotTested, () => users.credentials('first').username);
}
