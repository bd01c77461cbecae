/** state is the client's to send or to leave out: the server asks for none, and makes up none. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { registeredAlike } from './clients.js';

export const stateAbsent = requirement({
  id: 'authz-state-absent',
  level: 'MUST',
  levelReason:
    '"REQUIRED if the state parameter was present": a client that sent no state has nothing to compare one ' +
    'with.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '4.1.2.1')],
  needs: ['user', 'client'],
  statement: 'No state comes back if none was sent.',
  how:
    'A request with a state gets a code. Then, with no state: an allowed request, prompt=none without a ' +
    'session, an unknown response_type, and a denial. Expects no state parameter in the redirect, not even ' +
    'an empty one or "null", and no server error where the same request with a state is answered.',
  hint: 'Add state to a response only if the request had one.',
  async check(context) {
    const { flow, expect, remark } = context;
    await flow.code({ note: 'the control request: with a state' });
    let answered = 0;
    for (const [what, options] of await listWays(context)) {
      const answer = await flow.authorize({ ...options, state: null, note: what });
      if (answer.kind === 'stayed') {
        const isServerError = answer.page.status >= 500 && (await isAnswered(context, options));
        expect.that(!isServerError, `${capitalize(what)} caused a server error.`, {
          expected: 'an answer at the redirect URI, as with a state',
          received: describeOutcome(answer),
          exchange: answer,
        });
        remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
        continue;
      }
      answered += 1;
      const states = [answer.query, answer.fragment, answer.form].flatMap((part) => part.getAll('state'));
      expect.that(states.length === 0, `The answer to ${what} has a state.`, {
        expected: 'no state, as the request had none',
        received: `state=${states[0] ?? ''}`,
        exchange: answer,
      });
    }
    if (answered === 0) throw new NotTested('No request without state was answered at the redirect URI.');
  },
});

type Way = readonly [what: string, options: AuthorizationOptions];

async function listWays({ flow }: CheckContext): Promise<readonly Way[]> {
  const ways: readonly Way[] = [
    ['an allowed request without state', {}],
    [
      'a request with prompt=none without state and session',
      { as: 'nobody', params: { prompt: 'none' }, decide: 'stop' },
    ],
    [
      'a request with an unknown response_type and without state',
      { params: { response_type: 'no_such_type' }, decide: 'stop' },
    ],
  ];
  // A client of its own, since denying may take back what the shared client was allowed.
  const client = await registeredAlike(flow);
  return client === null ? ways : [...ways, ['a denied request without state', { client, decide: 'deny' }]];
}

async function isAnswered({ flow }: CheckContext, options: AuthorizationOptions): Promise<boolean> {
  const control = await flow.authorize({ ...options, note: 'the control: the same with a state' });
  return control.kind === 'redirected';
}

export const stateOptional = requirement({
  id: 'authz-state-optional',
  level: 'MUST',
  levelReason:
    "The clause only recommends state to clients, and any value is the client's choice. A server that " +
    'insists on one turns conforming clients away.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.1'), rfc(6749, 'A.5')],
  needs: ['user', 'client'],
  statement: 'The server answers a request with no state, and one with a state of any length.',
  how:
    'A request with a state of 22 characters gets a code. Expects a code for the same request with no ' +
    'state, and with a state of one character.',
  hint: 'Accept requests with no state, and any state that a client chooses.',
  async check({ flow, expect }) {
    await flow.code({ note: 'the control request: with a state' });
    for (const [state, what] of [
      [null, 'a request without state'],
      ['x', 'a request with a state of one character'],
    ] as const) {
      const answer = await flow.authorize({ state, note: what });
      expect.issuedCode(answer, `${capitalize(what)} was refused.`, 'a code, as with a longer state');
    }
  },
});
