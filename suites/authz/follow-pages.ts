/** From the client's link to the redirect URI, page by page, as a user meets them. */

import type { BrowserPage } from '../../fixtures/browser/types.js';
import type {
  AuthorizationCode,
  AuthorizationOutcome,
  Client,
  PageOutcome,
} from '../../fixtures/flow/types.js';
import { Failed, NotTested } from '../../fixtures/verdict.js';
import { describeAnswer } from '../steps/authorization-answers.js';

/** More pages than any usual way has between the link and the answer. */
const MOST_PAGES = 6;
/** The login page, and one that asks whether to go on as the user who has just signed in. */
const MOST_LOGINS = 2;

/** @returns the code with which the visit ends, or throws Broken naming the step that broke */
export async function followPagesToCode(client: Client, visit: BrowserPage): Promise<AuthorizationCode> {
  const answer = await followPages(visit, await visit.openAuthorization({ client }));
  const value = answer.kind === 'redirected' ? answer.query.get('code') : null;
  if (answer.kind === 'stayed') throw endedEarly('The visit does not come to an end.', answer);
  if (!value) throw endedEarly('The visit ended at the redirect URI without a code.', answer);
  if (answer.query.get('state') !== answer.request.state) {
    throw endedEarly('The visit ended at the redirect URI without the state that was sent.', answer);
  }
  return { value, client, request: answer.request, outcome: answer };
}

async function followPages(visit: BrowserPage, first: AuthorizationOutcome): Promise<AuthorizationOutcome> {
  let answer = first;
  let logins = 0;
  let last = '';
  for (let pages = 0; answer.kind === 'stayed' && pages < MOST_PAGES; pages += 1) {
    switch (answer.page.kind) {
      case 'login':
        logins += 1;
        if (logins > MOST_LOGINS)
          throw endedEarly('After signing in the user is asked to sign in again.', answer);
        last = 'signing in';
        answer = await visit.signIn();
        break;
      case 'consent':
      case 'organization':
        last = 'allowing';
        answer = await visit.allow();
        break;
      default:
        throw explainDeadEnd(last, answer);
    }
  }
  return answer;
}

/** A page on which there is nothing more to do for the request. */
function explainDeadEnd(last: string, answer: PageOutcome): Error {
  if (last === '' && answer.page.kind === 'unknown') {
    return new NotTested(
      `The first page is not understood as a login page (${answer.page.url.split('?')[0]}): name its controls under "pages" in the target file.`,
    );
  }
  if (last === '') return endedEarly('The client’s link leads to an error page.', answer);
  if (last === 'signing in') {
    return endedEarly('After signing in the user is not brought back to the authorization request.', answer);
  }
  return endedEarly('After allowing the user is not sent to the redirect URI.', answer);
}

function endedEarly(message: string, answer: AuthorizationOutcome): Failed {
  return new Failed(message, {
    expected: 'the redirect URI with code and state',
    received: describeAnswer(answer),
  });
}
