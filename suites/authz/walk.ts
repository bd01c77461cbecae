/** From the client's link to the redirect URI, page by page, as a person meets them. */

import type { Answer, Client, Code, Stayed } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Broken, NotTested } from '../../fixtures/verdict.js';

/** More pages than any usual way has between the link and the answer. */
const MOST_PAGES = 6;
/** The login page, and one that asks whether to go on as the person who has just signed in. */
const MOST_LOGINS = 2;

/** @returns the code with which the visit ends, or throws Broken naming the step that broke */
export async function walk(client: Client, visit: Visit): Promise<Code> {
  const answer = await throughPages(visit, await visit.open({ client }));
  const value = answer.kind === 'redirected' ? answer.query.get('code') : null;
  if (answer.kind === 'stayed') throw lost('The visit does not come to an end.', answer);
  if (!value) throw lost('The visit ended at the redirect URI without a code.', answer);
  if (answer.query.get('state') !== answer.request.state) {
    throw lost('The visit ended at the redirect URI without the state that was sent.', answer);
  }
  return { value, client, request: answer.request, answer };
}

async function throughPages(visit: Visit, first: Answer): Promise<Answer> {
  let answer = first;
  let logins = 0;
  let last = '';
  for (let pages = 0; answer.kind === 'stayed' && pages < MOST_PAGES; pages += 1) {
    switch (answer.page.kind) {
      case 'login':
        logins += 1;
        if (logins > MOST_LOGINS)
          throw lost('After signing in the person is asked to sign in again.', answer);
        last = 'signing in';
        answer = await visit.signIn();
        break;
      case 'consent':
      case 'organization':
        last = 'allowing';
        answer = await visit.allow();
        break;
      default:
        throw strayed(last, answer);
    }
  }
  return answer;
}

/** A page on which there is nothing more to do for the request. */
function strayed(last: string, answer: Stayed): Error {
  if (last === '' && answer.page.kind === 'unknown') {
    return new NotTested(
      `The first page is not understood as a login page (${answer.page.url.split('?')[0]}): name its controls under "pages" in the target file.`,
    );
  }
  if (last === '') return lost('The client’s link leads to an error page.', answer);
  if (last === 'signing in') {
    return lost('After signing in the person is not brought back to the authorization request.', answer);
  }
  return lost('After allowing the person is not sent to the redirect URI.', answer);
}

function lost(message: string, answer: Answer): Broken {
  return new Broken(message, {
    expected: 'the redirect URI with code and state',
    received: whereItEnded(answer),
  });
}
