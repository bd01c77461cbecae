/** state: comes back once and as it was sent, in code responses and in errors. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import type { RedirectOutcome } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';

/** Reserved and space characters of the printable ASCII range that RFC 6749 appendix A.5 allows. */
export const DIFFICULT_STATE = 'a b+c%2F&d=e;"~';

/** Values that a careless comparison takes for none. */
const LOOKS_EMPTY = ['0', 'null'];

/** @param what the answer in a sentence: 'the error response' */
export function judgeState(expect: Expect, answer: RedirectOutcome, what = 'the answer'): void {
  const states = answer.query.getAll('state');
  const sent = answer.request.state;
  if (sent === null) return;
  expect.once(states, 'state', what, answer);
  expect.same(states[0], sent, `${capitalize(what)} has another state than the one that was sent.`, answer);
}

export const stateEcho = requirement({
  id: 'authz-state-echo',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, 'A.5')],
  needs: ['user', 'client'],
  statement: 'state comes back exactly as it was sent.',
  how:
    'With a state of letters and digits, with 0 and with null the request is answered with that state. Then with one of ' +
    `reserved and space characters (${DIFFICULT_STATE}, percent-encoded in the request): the query of the response, ` +
    'decoded once as a form, has state once and identical.',
  hint: 'Decode state once when it comes, keep it as it is, and encode it once when it goes.',
  async check({ flow, expect, remark }) {
    const { outcome: plain } = await flow.code({ note: 'the control request: a plain state' });
    judgeState(expect, plain);
    for (const state of LOOKS_EMPTY) {
      const what = `a request with the state ${state}`;
      const answer = expect.redirected(await flow.authorize({ state, note: what }), what);
      judgeState(expect, answer, `the answer to ${what}`);
    }
    const answer = await flow.authorize({ state: DIFFICULT_STATE, note: 'a state of reserved characters' });
    if (answer.kind === 'stayed' && answer.page.status >= 400 && answer.page.status < 500) {
      throw new NotTested(
        'The state of reserved characters led to an error page, perhaps of a filter in front, so it could not come back.',
      );
    }
    const answered = expect.redirected(answer, 'a request whose state has reserved characters');
    judgeState(expect, answered);
    if (findCodeInQuery(answered) === null) {
      remark(`The state of reserved characters came back at ${describeOutcome(answered)}.`);
    }
  },
});
