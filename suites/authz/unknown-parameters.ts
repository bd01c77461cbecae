/** Parameters that nobody knows. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isLogin } from '../steps/continue-to-redirect.js';
import { judgeState } from '../steps/state.js';

export const parameterUnknown = requirement({
  id: 'authz-parameter-unknown',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1'), rfc(6749, '1.9')],
  needs: ['user', 'client'],
  statement: 'The server ignores unknown request parameters.',
  how:
    'A request gets a code. Expects one with x_unknown=1 too, and with names that have brackets or a dot. ' +
    'Without a session, expects the login page with and without x_unknown. With STATE next to state, ' +
    'expects state to come back, because names are case-sensitive. Remarks on an error if x_unknown is ' +
    'sent twice: the same section forbids repeated parameters.',
  hint: "Ignore parameters that you don't know.",
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the control request' });
    for (const name of ['x_unknown', 'x_unknown[]', 'x_unknown[a]', 'x.unknown']) {
      const answer = await flow.authorize({ params: { [name]: '1' }, note: `an unknown parameter, ${name}` });
      expect.issuedCode(answer, `A request with the unknown parameter ${name} was refused.`);
    }
    const signedOut = { as: 'nobody', decide: 'stop' } as const;
    const login = await flow.authorize({ ...signedOut, note: 'the control request without a session' });
    if (isLogin(login)) {
      const note = 'an unknown parameter, without a session';
      const answer = await flow.authorize({ ...signedOut, params: { x_unknown: '1' }, note });
      expect.that(isLogin(answer), 'Without a session a request with an unknown parameter was refused.', {
        expected: 'the login page, as without the parameter',
        received: describeOutcome(answer),
        exchange: answer,
      });
    }
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
