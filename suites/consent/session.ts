/** A session belongs to the browser in which the person signed in. */

import { codeIn } from '../../fixtures/flow/answer.js';
import type { Answer } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';
import { isAsking, toTheEnd } from './steps.js';

export const sessionFixation = requirement({
  id: 'consent-session-fixation',
  level: 'SHOULD',
  profile: 'polar',
  source: [rfc(6265, '8.4')],
  needs: ['person', 'page', 'client'],
  statement: 'Cookies that existed before the login do not carry the signed-in session.',
  how:
    'A browser opens a request up to the login page; all its cookies are copied into another browser. In the first ' +
    'one the person signs in and allows. Expected in the other, with the copied cookies: no code with prompt=none, ' +
    'and the login page without it. In the first browser the same request ends with a code or the consent page.',
  next: 'Give the session a new identifier when somebody signs in, and forget the old one.',
  async check({ people, expect, remark }) {
    const own = await people.visit('nobody');
    const asked = await own.open();
    if (asked.kind === 'redirected' || asked.page.kind !== 'login') {
      throw new Blocked('login', `The visitor was not asked to sign in but came to ${whereItEnded(asked)}.`);
    }
    const cookies = await own.context.cookies();
    const end = await toTheEnd(own, asked);
    if (codeIn(end) === null) {
      throw new Blocked('code', `Signing in and allowing ended at ${whereItEnded(end)} instead of a code.`);
    }
    const again = await own.open({ note: 'in the browser of the person' });
    if (codeIn(again) === null && !(again.kind === 'stayed' && isAsking(again.page))) {
      remark(`No session is kept: the next request of the same browser came to ${whereItEnded(again)}.`);
      return;
    }
    if (cookies.length === 0) {
      remark('There was no cookie before the login.');
      return;
    }
    const other = await people.visit('nobody');
    await other.context.addCookies(cookies);
    const got = await signedInAs(other);
    expect.that(
      got === null,
      'Cookies from before the login carry the session of the person who signed in.',
      {
        expected: 'login_required, or the login page',
        received: got === null ? '' : whereItEnded(got),
      },
    );
    remark(`${cookies.length} cookies from before the login were tried.`);
  },
});

/** @returns what shows that somebody is signed in at this browser, or null */
export async function signedInAs(visit: Visit): Promise<Answer | null> {
  const silent = await visit.open({ params: { prompt: 'none' }, note: 'is somebody signed in here?' });
  if (codeIn(silent) !== null) return silent;
  if (silent.kind === 'redirected' && silent.query.get('error') === 'login_required') return null;
  // Another error may have another cause: what a person would see decides.
  const plain = await visit.open({ note: 'what a person at this browser is shown' });
  return codeIn(plain) !== null || (plain.kind === 'stayed' && isAsking(plain.page)) ? plain : null;
}
