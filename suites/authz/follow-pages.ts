/** From the client's link to the redirect URI, page by page, as a user meets them. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type {
  AuthorizationCode,
  AuthorizationOutcome,
  Client,
  PageOutcome,
} from '../../fixtures/flow/types.js';
import { stripQuery } from '../../fixtures/urls.js';
import { Failed, NotTested } from '../../fixtures/verdict.js';
import { goPageByPage, isDecision, isLogin, type PageStep } from '../steps/continue-to-redirect.js';

/** The login page, and one that asks whether to go on as the user who has just signed in. */
const MAX_LOGINS = 2;

/** @returns the code with which the visit ends, or throws Failed naming the step that failed */
export async function followPagesToCode(client: Client, visit: BrowserPage): Promise<AuthorizationCode> {
  let answer = await visit.openAuthorization({ client });
  let last: PageStep['did'] | null = null;
  let logins = 0;
  for await (const { did, answer: next } of goPageByPage(visit, answer)) {
    if (did === 'signing in') logins += 1;
    if (logins >= MAX_LOGINS && isLogin(next))
      throw endedEarly('After signing in the user is asked to sign in again.', next);
    last = did;
    answer = next;
  }
  if (answer.kind === 'stayed') {
    if (isLogin(answer) || isDecision(answer)) throw endedEarly('The visit does not come to an end.', answer);
    throw explainDeadEnd(last, answer);
  }
  const code = readCode(answer);
  if (code === null) throw endedEarly('The visit ended at the redirect URI without a code.', answer);
  if (answer.query.get('state') !== answer.request.state) {
    throw endedEarly('The visit ended at the redirect URI without the state that was sent.', answer);
  }
  return code;
}

/** A page on which there is nothing more to do for the request. */
function explainDeadEnd(last: PageStep['did'] | null, answer: PageOutcome): Error {
  if (last === null && answer.page.kind === 'unknown') {
    return new NotTested(
      `The first page is not understood as a login page (${stripQuery(answer.page.url)}): name its controls under "pages" in the target file.`,
    );
  }
  if (last === null) return endedEarly("The client's link leads to an error page.", answer);
  if (last === 'signing in') {
    return endedEarly('After signing in the user is not brought back to the authorization request.', answer);
  }
  return endedEarly('After allowing the user is not sent to the redirect URI.', answer);
}

function endedEarly(message: string, answer: AuthorizationOutcome): Failed {
  return new Failed(message, {
    expected: 'the redirect URI with code and state',
    received: describeOutcome(answer),
  });
}
