/** Signing in, where a check needs the login page or the password. */
import type { Answer, AuthorizationOptions } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { People, Visit } from '../../fixtures/person/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { isLogin } from '../authz/onwards.js';
import { isNotTested, nullOn } from './signals.js';

/** Opens the request in a browser that nobody is signed in to. Blocked by consent-login-first without a login page. */
export async function openLogin(visit: Visit, options?: AuthorizationOptions): Promise<Answer> {
  const answer = await visit.open(options);
  if (isLogin(answer)) return answer;
  throw new Blocked('login', `The visitor was not asked to sign in but came to ${whereItEnded(answer)}.`);
}

/** @returns the name that the first user signs in with, or null where only a kept session is known */
export async function usernameIfKnown(people: People): Promise<string | null> {
  return nullOn(isNotTested, () => people.credentials('first').username);
}
