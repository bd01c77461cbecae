/** Parameters that nobody knows. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { judgeState } from './state.js';

export const parameterUnknown = requirement({
  id: 'authz-parameter-unknown',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1'), rfc(6749, '1.9')],
  needs: ['user', 'client'],
  statement: 'Unknown request parameters are ignored.',
  how:
    'A request ends with a code; so it does with x_unknown=1. With STATE beside state, state comes back, as names are ' +
    'case-sensitive. With x_unknown twice a code is expected, but an error is ' +
    'noted only: the same section forbids to send any parameter more than once.',
  hint: 'Ignore the parameters that the server does not know.',
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the control request' });
    const once = await flow.authorize({ params: { x_unknown: '1' }, note: 'an unknown parameter' });
    expect.issuedCode(once, 'A request with an unknown parameter was refused.');
    const capitals = expect.redirected(
      await flow.authorize({ params: { STATE: 'of-another-name' }, note: 'STATE beside state' }),
      'a request with STATE beside state',
    );
    judgeState(expect, capitals, 'the answer to a request with STATE beside state');
    const twice = await flow.authorize({
      params: { x_unknown: ['1', '2'] },
      note: 'an unknown parameter, repeated',
    });
    if (findCodeInQuery(twice) === null)
      remark(`With an unknown parameter twice the request ended at ${describeOutcome(twice)}.`);
  },
});
