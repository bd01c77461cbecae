/** Settings pages, which only a signed-in user may see. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { signInIfAsked } from './continue-to-redirect.js';
import { isUnavailable, nullOn } from './signals.js';

/**
 * Opens a settings page. Where another check's login has ended the session, the user signs in once more by an ordinary
 * authorization request.
 * @returns the visit, which shows the page
 * @throws NotTested if the page still asks to sign in
 */
export async function openSettings(
  { users }: Pick<CheckContext, 'users'>,
  who: 'first' | 'second',
  url: string,
): Promise<BrowserPage> {
  const visit = await users.newPage(who);
  if (await showSettings(visit, url)) return visit;
  throw new NotTested(`The settings page asks the ${who} user to sign in again.`);
}

/** @returns whether the page is shown, after another login if it asks for one */
export async function showSettings(visit: BrowserPage, url: string): Promise<boolean> {
  if ((await visit.goto(url)).kind !== 'login') return true;
  const note = 'the user signs in again';
  await nullOn(isUnavailable, async () => signInIfAsked(visit, await visit.openAuthorization({ note })));
  return (await visit.goto(url)).kind !== 'login';
}
