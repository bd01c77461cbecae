/** Who may keep what a token gets: a user's claims don't belong in a cache that other users share. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedAtEachPlace } from '../steps/bearer-requests.js';

export const sharedCache = requirement({
  id: 'userinfo-shared-cache',
  level: 'SHOULD',
  levelReason:
    'The keyword binds caches: they keep a response to a request with Authorization only if the server says that they may.',
  profile: 'oidc',
  clauses: [rfc(9111, '3.5'), rfc(9111, '5.2.2.9'), rfc(9111, '5.2.2.10')],
  needs: ['userinfo', 'user', 'protected-endpoint'],
  statement: "Shared caches don't keep what userinfo and the API return for a token.",
  how:
    'Userinfo and the API accept a token. Expects neither public nor an s-maxage above 0 in Cache-Control, ' +
    'unless no-store or private is there too.',
  hint: 'Send Cache-Control: private or no-store with everything that belongs to one user.',
  async check({ flow, target, expect }) {
    for (const { where, control } of (await acceptedAtEachPlace({ flow, target })).places) {
      const field = control.header('cache-control') ?? '';
      expect.that(!isShared(control), `Shared caches may keep the response for a token${where}.`, {
        expected: 'Cache-Control with no-store or private, or with neither public nor s-maxage',
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
