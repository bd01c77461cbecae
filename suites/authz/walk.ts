/** From the client's link to the redirect URI, page by page, as a user meets them. */
import { codeOf } from '../../fixtures/flow/answer.js';
import type { Answer, Client, Code, Stayed } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Broken, NotTested } from '../../fixtures/verdict.js';
import { isDecision, isLogin, type PageStep, pageByPage } from './onwards.js';

/** The login page, and one that asks whether to go on as the user who has just signed in. */
const MOST_LOGINS = 2;

/** @returns the code with which the visit ends, or throws Broken naming the step that failed */
export async function walk(client: Client, visit: Visit): Promise<Code> {
  let answer = await visit.open({ client });
  let last: PageStep['did'] | null = null;
  let logins = 0;
  for await (const { did, answer: next } of pageByPage(visit, answer)) {
    if (did === 'signing in') logins += 1;
    if (logins >= MOST_LOGINS && isLogin(next))
      throw lost('After signing in the user is asked to sign in again.', next);
    last = did;
    answer = next;
  }
  if (answer.kind === 'stayed') {
    if (isLogin(answer) || isDecision(answer)) throw lost('The visit does not come to an end.', answer);
    throw strayed(last, answer);
  }
  const code = codeOf(answer);
  if (code === null) throw lost('The visit ended at the redirect URI without a code.', answer);
  if (answer.query.get('state') !== answer.request.state) {
    throw lost('The visit ended at the redirect URI without the state that was sent.', answer);
  }
  return code;
}

/** A page on which there is nothing more to do for the request. */
function strayed(last: PageStep['did'] | null, answer: Stayed): Error {
  if (last === null && answer.page.kind === 'unknown') {
    return new NotTested(
      `The first page is not understood as a login page (${answer.page.url.split('?')[0]}): name its controls under "pages" in the target file.`,
    );
  }
  if (last === null) return lost('The client’s link leads to an error page.', answer);
  if (last === 'signing in') {
    return lost('After signing in the user is not brought back to the authorization request.', answer);
  }
  return lost('After allowing the user is not sent to the redirect URI.', answer);
}

function lost(message: string, answer: Answer): Broken {
  return new Broken(message, {
    expected: 'the redirect URI with code and state',
    received: whereItEnded(answer),
  });
}
