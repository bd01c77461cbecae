/** What a response may have beside what its clause names. */
import type { AuthorizationOptions } from '../../fixtures/flow/types.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';

/** RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207, and what is registered for responses beside them. */
const KNOWN = [
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'session_state',
  'scope',
  'client_id',
  'response',
];

export const responseParameters = requirement({
  id: 'authz-response-parameters',
  level: 'MAY',
  levelReason:
    "Nothing forbids more: a client must ignore what it doesn't know. But what's there ends up in logs and " +
    'Referer headers.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '4.1.2.1')],
  needs: ['user', 'client'],
  statement: 'A response has no parameters that no specification knows.',
  how:
    'In a code response, and in the error response to prompt=none without a session, expects only code, ' +
    'state, iss, error, error_description, error_uri, registered ones such as session_state, and the ' +
    "redirect URI's own.",
  hint: 'Leave out of the redirect what no client reads: it ends up in logs and browser histories.',
  async check({ flow, expect }) {
    const ways: readonly (readonly [string, AuthorizationOptions])[] = [
      ['the code response', {}],
      ['the error response', { as: 'nobody', params: { prompt: 'none' }, decide: 'stop' }],
    ];
    for (const [what, options] of ways) {
      const answer =
        what === 'the code response'
          ? (await flow.code({ note: what })).outcome
          : await flow.authorize({ ...options, note: what });
      if (answer.kind === 'stayed') continue;
      const own = new URLSearchParams((answer.request.redirect_uri ?? '').split('?')[1] ?? '');
      const unknown = [...answer.query.keys()].find((name) => !KNOWN.includes(name) && !own.has(name));
      expect.that(unknown === undefined, `There is an unknown parameter in ${what}: ${unknown}.`, {
        expected: KNOWN.slice(0, 6).join(', '),
        received: [...answer.query.keys()].join(', '),
        exchange: answer,
      });
    }
  },
});
