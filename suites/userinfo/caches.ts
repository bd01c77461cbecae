/** Who may keep what a token gets: the claims of a user belong in no cache that others use, too. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedAtEachPlace } from '../steps/bearer-requests.js';

export const sharedCache = requirement({
  id: 'userinfo-shared-cache',
  // The keyword binds caches: they keep the answer to a request with Authorization only if the server says that they may.
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(9111, '3.5'), rfc(9111, '5.2.2.9'), rfc(9111, '5.2.2.10')],
  needs: ['userinfo', 'user', 'protected-endpoint'],
  statement: 'No cache that others use may keep what a token gets.',
  how:
    'Userinfo and the API answer a good token. Expected: Cache-Control has neither public nor s-maxage with more than 0 ' +
    'seconds, unless it has no-store or private as well.',
  hint: 'Send Cache-Control: private or no-store with everything that belongs to one user.',
  async check({ flow, target, expect }) {
    for (const { where, control } of (await acceptedAtEachPlace({ flow, target })).places) {
      const field = control.header('cache-control') ?? '';
      expect.that(!isShared(control), `Shared caches may keep what a token gets${where}.`, {
        expected: 'Cache-Control: no-store or private, or no word about shared caches',
        received: `Cache-Control: ${field}`,
        exchange: control,
      });
    }
  },
});

/** Whether Cache-Control lets a cache keep this for everybody, though the request had a token. */
function isShared(exchange: Exchange): boolean {
  const directives = (exchange.header('cache-control') ?? '')
    .split(',')
    .map((directive) => directive.trim().toLowerCase());
  if (directives.some((directive) => directive === 'no-store' || /^private\b/.test(directive))) return false;
  return directives.some((directive) => directive === 'public' || /^s-maxage="?[1-9]/.test(directive));
}
