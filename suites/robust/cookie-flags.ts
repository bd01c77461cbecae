/** The attributes of the cookie that a sign-in gives. */
import { NotTested } from '../../fixtures/verdict.js';
import { asvs } from '../clauses.js';
import { requirement } from '../requirement.js';
import { signInIfAsked } from '../steps/continue-to-redirect.js';
import { openLogin } from '../steps/login.js';

export const cookieFlags = requirement({
  id: 'robust-cookie-flags',
  level: 'SHOULD',
  levelReason: "ASVS isn't an OAuth specification, so its requirements are advice here.",
  profile: 'oauth',
  clauses: [asvs('3.4.1'), asvs('3.4.2'), asvs('3.4.3')],
  needs: ['user', 'page'],
  statement: 'The session cookie is hidden from scripts and from other sites.',
  how:
    "A browser with no cookies signs in. Of the server's cookies that came or changed with that, expects " +
    'at least one to be HttpOnly, and each of those to have SameSite Lax or Strict and, on https, Secure.',
  hint: 'Set the session cookie with HttpOnly, SameSite=Lax and Secure.',
  async check({ flow, users, expect, remark }) {
    users.credentials('first');
    const visit = await users.newPage('nobody');
    const login = await openLogin(visit, { note: 'before the sign-in' });
    const before = new Map((await visit.context.cookies()).map(({ name, value }) => [name, value]));
    await signInIfAsked(visit, login);
    const url = flow.endpoint('authorization');
    const after = await visit.context.cookies(url);
    const ofSession = after.filter(({ name, value }) => before.get(name) !== value);
    const judged = ofSession.length > 0 ? ofSession : after;
    if (judged.length === 0)
      throw new NotTested('The browser has no cookie of the server after the sign-in.');
    const closed = judged.filter(({ httpOnly }) => httpOnly);
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).join(', ');
    expect.that(closed.length > 0, 'No cookie from the sign-in is HttpOnly.', {
      expected: 'HttpOnly on the session cookie',
      received: `${names(judged)} without HttpOnly`,
    });
    const open = closed.filter(({ sameSite }) => sameSite !== 'Lax' && sameSite !== 'Strict');
    expect.that(open.length === 0, "The session cookie is sent with other sites' requests.", {
      expected: 'SameSite=Lax or Strict',
      received: `${names(open)} with SameSite=None`,
    });
    if (!url.startsWith('https:')) return remark('The server is not on https, so Secure was not judged.');
    const plain = closed.filter(({ secure }) => !secure);
    expect.that(plain.length === 0, 'The session cookie is sent over http too.', {
      expected: 'Secure',
      received: `${names(plain)} without Secure`,
    });
  },
});
