/** Parameters that nobody knows. */

import { codeInQuery } from '../../fixtures/flow/answer.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';

export const parameterUnknown = requirement({
  id: 'authz-parameter-unknown',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '3.1')],
  needs: ['person', 'client'],
  statement: 'Unknown request parameters are ignored.',
  how:
    'A request ends with a code; so it does with x_unknown=1. With x_unknown twice a code is expected, but an error is ' +
    'noted only: the same section forbids to send any parameter more than once.',
  next: 'Ignore the parameters that the server does not know.',
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the valid twin' });
    const once = await flow.authorize({ params: { x_unknown: '1' }, note: 'an unknown parameter' });
    expect.issuedCode(once, 'A request with an unknown parameter was refused.');
    const twice = await flow.authorize({
      params: { x_unknown: ['1', '2'] },
      note: 'an unknown parameter, repeated',
    });
    if (codeInQuery(twice) === null)
      remark(`With an unknown parameter twice the request ended at ${whereItEnded(twice)}.`);
  },
});
