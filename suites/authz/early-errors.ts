/** Errors that a server finds before it asks a user: each goes back with the state, whatever step finds it. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions, RedirectOutcome } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { judgeErrorResponse } from './error-responses.js';
import { judgeState } from './state.js';

type Fault = readonly [what: string, options: AuthorizationOptions];

/** Each request has one fault, behind a valid client and redirect URI. */
function faultyRequests(flow: Flow): readonly Fault[] {
  return [
    ['an unknown response_type', { params: { response_type: 'no_such_type' } }],
    ['no response_type', { params: { response_type: null } }],
    ['an unknown scope', { scope: `${flow.minimalScope} no.such:scope` }],
    ['an unknown code_challenge_method', { params: { code_challenge_method: 'S512' } }],
    ['prompt="none login"', { params: { prompt: 'none login' } }],
    ['a max_age that is not a number', { params: { max_age: 'abc' } }],
    ['a malformed request object', { params: { request: 'a.b.c' } }],
  ];
}

export const errorState = requirement({
  id: 'authz-error-state',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['client', 'user'],
  statement: 'An error that is found before the user is asked comes back with the state, like any other.',
  how:
    'A valid request gives a code. Then one fault at a time, with and without a session: an unknown or missing ' +
    'response_type, an unknown scope, an unknown code_challenge_method, prompt="none login", max_age=abc, a malformed ' +
    'request object. Wherever the redirect URI receives an error, it has the state once and identical, a well-formed ' +
    'error code and no code. A fault that the server ignores, or shows on a page, is not judged here.',
  hint: 'Read client, redirect URI and state first, and build every later error from them.',
  async check(context) {
    const { flow, expect } = context;
    await flow.code({ note: 'the control request' });
    const judged = await forEachError(context, faultyRequests(flow), (answer, what) => {
      judgeErrorResponse(expect, answer, what);
      judgeState(expect, answer, what);
    });
    if (judged === 0) throw new NotTested('No error of this kind was sent to the redirect URI.');
  },
});

/** Breaks out of a quoted string, escapes, and is not ASCII: none of it may be in an error_description. */
const SPECIAL = 'a"b\\c\u00e9';

export const errorCharacters = requirement({
  id: 'authz-error-characters',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1')],
  needs: ['client', 'user'],
  statement: 'An error that quotes the request has only the characters that are allowed in it.',
  how:
    `A valid request gives a code. Then ${SPECIAL} as response_type, scope, prompt, code_challenge_method, response_mode ` +
    'and max_age, one at a time. Wherever the redirect URI receives an error, error and error_description have only ' +
    'printable ASCII characters without quotation mark and backslash, and error_uri has those of a URI. No answer is a ' +
    'server error.',
  hint: 'Leave values of the request out of error_description, or replace what the clause does not allow.',
  async check(context) {
    const { flow, expect, remark } = context;
    await flow.code({ note: 'the control request' });
    const faults: readonly Fault[] = [
      ['special characters in response_type', { params: { response_type: SPECIAL } }],
      ['special characters in scope', { scope: `${flow.minimalScope} ${SPECIAL}` }],
      ['special characters in prompt', { params: { prompt: SPECIAL } }],
      ['special characters in code_challenge_method', { params: { code_challenge_method: SPECIAL } }],
      ['special characters in response_mode', { params: { response_mode: SPECIAL } }],
      ['special characters in max_age', { params: { max_age: SPECIAL } }],
    ];
    const judged = await forEachError(context, faults, (answer, what) =>
      judgeErrorResponse(expect, answer, what),
    );
    if (judged === 0) remark('No error of this kind was sent to the redirect URI.');
  },
});

/** @returns how many errors the redirect URI received */
async function forEachError(
  { flow, expect, remark }: CheckContext,
  faults: readonly Fault[],
  judge: (answer: RedirectOutcome, what: string) => void,
): Promise<number> {
  let judged = 0;
  for (const as of ['first', 'nobody'] as const) {
    for (const [fault, options] of faults) {
      const request = `a request with ${fault}${as === 'nobody' ? ', without a session' : ''}`;
      const answer = await flow.authorize({ as, decide: 'stop', ...options, note: request });
      if (answer.kind === 'stayed') {
        const { status } = answer.page;
        expect.that(status < 500, `${capitalize(request)} caused a server error (status ${status}).`, {
          expected: 'an error at the redirect URI, or an error page below 500',
          received: describeOutcome(answer),
          exchange: answer,
        });
        continue;
      }
      if (readOutcomeError(answer) === null) {
        remark(`${capitalize(request)} ended at ${describeOutcome(answer)}.`);
        continue;
      }
      judged += 1;
      judge(answer, `the answer to ${request}`);
    }
  }
  return judged;
}
