/** Parameters that nobody knows. */
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';
import { codeOf, inWords } from './answers.js';

export const parameterUnknown = requirement({
  id: 'authz-parameter-unknown',
  level: 'MUST',
  profile: 'oauth',
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
    expect.that(codeOf(once) !== null, 'A request with an unknown parameter was refused.', {
      expected: 'a code',
      received: inWords(once),
    });
    const twice = await flow.authorize({
      params: { x_unknown: ['1', '2'] },
      note: 'an unknown parameter, repeated',
    });
    if (codeOf(twice) === null)
      remark(`With an unknown parameter twice the request ended at ${inWords(twice)}.`);
  },
});
