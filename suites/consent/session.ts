/** A session belongs to the browser in which the person signed in. */

import { codeIn } from '../../fixtures/flow/answer.js';
import type { Answer } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { isDecision, onwards } from '../authz/onwards.js';
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';
import { requireCode } from '../steps/codes.js';
import { openLogin } from '../steps/login.js';

export const sessionFixation = requirement({
  id: 'consent-session-fixation',
  level: 'SHOULD',
  profile: 'polar',
  source: [rfc(6265, '8.4')],
  needs: ['person', 'page', 'client'],
  byBrowser: true,
  statement: 'Cookies that existed before the login do not carry the signed-in session.',
  how:
    'A browser opens a request up to the login page; all its cookies are copied into another browser. In the first ' +
    'one the person signs in and allows. Expected in the other, with the copied cookies: no code with prompt=none, ' +
    'and the login page without it. In the first browser the same request ends with a code or the consent page.',
  next: 'Give the session a new identifier when somebody signs in, and forget the old one.',
  async check({ people, expect, remark }) {
    const own = await people.visit('nobody');
    const asked = await openLogin(own);
    const cookies = await own.context.cookies();
    requireCode(await onwards(own, asked), 'Signing in and allowing');
    const again = await own.open({ note: 'in the browser of the person' });
    if (!showsSession(again)) {
      remark(`No session is kept: the next request of the same browser came to ${whereItEnded(again)}.`);
      return;
    }
    if (cookies.length === 0) {
      remark('There was no cookie before the login.');
      return;
    }
    const other = await people.visit('nobody');
    await other.context.addCookies(cookies);
    expect.none(
      await signedInAs(other),
      'Cookies from before the login carry the session of the person who signed in.',
      'login_required, or the login page',
    );
    remark(`${cookies.length} cookies from before the login were tried.`);
  },
});

/** @returns where a request of this browser ended, if that shows that somebody is signed in, or null */
export async function signedInAs(visit: Visit): Promise<string | null> {
  const silent = await visit.open({ params: { prompt: 'none' }, note: 'is somebody signed in here?' });
  if (codeIn(silent) !== null) return whereItEnded(silent);
  if (silent.kind === 'redirected' && silent.query.get('error') === 'login_required') return null;
  // Another error may have another cause: what a person would see decides.
  const plain = await visit.open({ note: 'what a person at this browser is shown' });
  return showsSession(plain) ? whereItEnded(plain) : null;
}

/** @returns whether only somebody who is signed in gets this answer */
export function showsSession(answer: Answer): boolean {
  return codeIn(answer) !== null || isDecision(answer);
}
