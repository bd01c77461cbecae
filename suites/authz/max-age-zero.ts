/** max_age=0 is a number like any other, and every login is older than that. */

import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';
import { beginSession, demandCredentials, demandSession } from './reauthentication.js';

export const maxAgeZero = requirement({
  id: 'authz-max-age-zero',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'max_age=0 authenticates a signed-in user again, as prompt=login does.',
  how:
    'A user signs in and allows; with max_age=10000 a code comes without credentials (if not, the server keeps no ' +
    'session: not tested). Then max_age=0 with prompt=none: an error, and no code. Then max_age=0 alone: a login page ' +
    'comes, and no code before credentials are entered; or the redirect URI receives an error such as login_required.',
  hint: 'Take max_age=0 as a number, not as a value that is missing.',
  deadline: 60_000,
  async check(context) {
    const { flow, users, expect } = context;
    const visit = await users.newPage('nobody');
    const client = await flow.client();
    await beginSession(visit, client);
    await demandSession(visit, { client, params: { max_age: '10000' }, note: 'the control: max_age=10000' });
    const silent = await visit.openAuthorization({
      client,
      params: { max_age: '0', prompt: 'none' },
      note: 'max_age=0 with prompt=none',
    });
    expect.noCode(silent, 'A request with max_age=0 and prompt=none gave a code.', 'an error, and no code');
    const asked = await visit.openAuthorization({ client, params: { max_age: '0' }, note: 'max_age=0' });
    await demandCredentials(context, visit, asked, 'a request with max_age=0');
  },
});
