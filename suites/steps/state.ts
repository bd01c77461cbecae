/** state: comes back once and as it was sent, in code responses and in errors. */
import { capitalize } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { RedirectOutcome } from '../../fixtures/flow/types.js';

/** Reserved and space characters of the printable ASCII range that RFC 6749 appendix A.5 allows. */
export const DIFFICULT_STATE = 'a b+c%2F&d=e;"~';

/** @param what the answer in a sentence: 'the error response' */
export function judgeState(expect: Expect, answer: RedirectOutcome, what = 'the answer'): void {
  const states = answer.query.getAll('state');
  const sent = answer.request.state;
  if (sent === null) return;
  expect.once(states, 'state', what, answer);
  expect.same(
    states[0],
    sent,
    `${capitalize(what)} has a different state from the one that was sent.`,
    answer,
  );
}
