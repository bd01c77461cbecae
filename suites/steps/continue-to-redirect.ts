/** From the page that is shown to the answer, as a user goes. */

import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';

/** More pages than any usual way has between the link and the answer. */
const MOST_PAGES = 5;

/** Allows, and signs in too where that is wanted, until the browser leaves the server or a page stays. */
export async function continueToRedirect(
  visit: BrowserPage,
  from: AuthorizationOutcome,
  signIn: boolean,
): Promise<AuthorizationOutcome> {
  let answer = from;
  for (let pages = 0; answer.kind === 'stayed' && pages < MOST_PAGES; pages += 1) {
    const { kind } = answer.page;
    if (kind === 'login' && signIn) answer = await visit.signIn();
    else if (kind === 'consent' || kind === 'organization') answer = await visit.allow();
    else break;
  }
  return answer;
}
