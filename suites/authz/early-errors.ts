/** Errors that a server finds before it asks a user: each goes back with the state, whatever step finds it. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions, AuthorizationOutcome } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { DIFFICULT_STATE, judgeState } from '../steps/state.js';
import { judgeErrorResponse } from './error-responses.js';

type Fault = readonly [what: string, options: AuthorizationOptions];

/** Each request has one fault, behind a valid client and redirect URI. */
function faultyRequests(flow: Flow): readonly Fault[] {
  return [
    ['an unknown response_type', { params: { response_type: 'no_such_type' } }],
    ['no response_type', { params: { response_type: null } }],
    ['an unknown scope', { scope: `${flow.minimalScope} no.such:scope` }],
    ['an unknown code_challenge_method', { params: { code_challenge_method: 'S512' } }],
    ['prompt="none login"', { params: { prompt: 'none login' } }],
    ['an unknown prompt', { params: { prompt: 'no_such_prompt' } }],
    ['a max_age that is not a number', { params: { max_age: 'abc' } }],
    ['an unknown response_mode', { params: { response_mode: 'no_such_mode' } }],
    ['a malformed request object', { params: { request: 'a.b.c' } }],
  ];
}

const FAULTS =
  'an unknown or missing response_type, an unknown scope, code_challenge_method, prompt or response_mode, ' +
  'prompt="none login", max_age=abc, a malformed request object';

export const errorState = requirement({
  id: 'authz-error-state',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['client', 'user'],
  statement: 'An error found before the user is asked comes back with the state.',
  how:
    `A valid request gets a code. Then sends one fault at a time, with and without a session: ${FAULTS}. ` +
    'If the redirect URI gets an error, expects the identical state once, a well-formed error code and no ' +
    `code. Signed in, sends the state 0 and ${DIFFICULT_STATE} too. Doesn't judge a fault that the server ` +
    'ignores or shows on a page.',
  hint: 'Read client, redirect URI and state first, and build every later error from them.',
  deadline: 60_000,
  async check(context) {
    const { flow, expect } = context;
    await flow.code({ note: 'the control request' });
    let judged = 0;
    for await (const { what, options, answer } of sendFaults(context, faultyRequests(flow))) {
      if (answer.kind === 'stayed' || readOutcomeError(answer) === null) continue;
      judged += 1;
      judgeErrorResponse(expect, answer, `the answer to ${what}`);
      judgeState(expect, answer, `the answer to ${what}`);
      if (options.as === 'nobody') continue;
      for (const state of ['0', DIFFICULT_STATE]) {
        const again = await flow.authorize({ ...options, state, note: `${what}, with the state ${state}` });
        if (again.kind === 'redirected')
          judgeState(expect, again, `the answer to ${what}, with the state ${state}`);
      }
    }
    if (judged === 0) throw new NotTested('No error of this kind was sent to the redirect URI.');
  },
});

export const errorAtClient = requirement({
  id: 'authz-error-at-client',
  level: 'SHOULD',
  levelReason:
    'No keyword: "the authorization server informs the client". RFC 9700 lets a server show a page if it ' +
    'doubts the URI.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6'), rfc(9700, '4.11.2')],
  needs: ['client', 'user'],
  statement: "The client learns of every error that isn't about its client_id or redirect_uri.",
  how:
    `A signed-in user's request gets a code. Then sends one fault at a time: ${FAULTS}. Expects what the ` +
    "server refuses to be refused at the redirect URI, not on an error page. Doesn't judge a fault that " +
    'the server ignores.',
  hint: 'Once client_id and redirect_uri belong together, send every error to the redirect URI.',
  async check(context) {
    const { flow, expect } = context;
    await flow.code({ note: 'the control request' });
    const shown: { readonly fault: string; readonly answer: AuthorizationOutcome }[] = [];
    for (const [fault, options] of faultyRequests(flow)) {
      const answer = await flow.authorize({ decide: 'stop', ...options, note: `a request with ${fault}` });
      if (answer.kind === 'stayed' && answer.page.kind === 'error') shown.push({ fault, answer });
    }
    const [first] = shown;
    if (first === undefined) return;
    expect.that(false, `The client is not told about ${shown.map(({ fault }) => fault).join(', ')}.`, {
      expected: 'an error at the redirect URI',
      received: describeOutcome(first.answer),
      exchange: first.answer,
    });
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
  statement: 'An error that quotes the request has only allowed characters.',
  how:
    `A valid request gets a code. Then sends ${SPECIAL} as response_type, scope, prompt, ` +
    'code_challenge_method, response_mode and max_age, one at a time, with and without a session. If the ' +
    'redirect URI gets an error, expects printable ASCII with no quotation mark or backslash in error and ' +
    'error_description, and URI characters in error_uri. Expects no server error.',
  hint: "Leave values from the request out of error_description, or replace what the clause doesn't allow.",
  async check(context) {
    const { flow, expect, remark } = context;
    await flow.code({ note: 'the control request' });
    const names = ['response_type', 'prompt', 'code_challenge_method', 'response_mode', 'max_age'];
    const faults: readonly Fault[] = [
      ['special characters in scope', { scope: `${flow.minimalScope} ${SPECIAL}` }],
      ...names.map((name): Fault => [`special characters in ${name}`, { params: { [name]: SPECIAL } }]),
    ];
    let judged = 0;
    for await (const { what, answer } of sendFaults(context, faults)) {
      if (answer.kind === 'stayed' || readOutcomeError(answer) === null) continue;
      judged += 1;
      judgeErrorResponse(expect, answer, `the answer to ${what}`);
    }
    if (judged === 0) remark('No error of this kind was sent to the redirect URI.');
  },
});

interface Sent {
  /** For a sentence: 'a request with an unknown scope, without a session'. */
  readonly what: string;
  readonly options: AuthorizationOptions;
  readonly answer: AuthorizationOutcome;
}

/** Sends each fault with and without a session. Fails on a server error where the request without it gives none. */
async function* sendFaults(
  { flow, expect, remark }: CheckContext,
  faults: readonly Fault[],
): AsyncGenerator<Sent> {
  const signedOut = await flow.authorize({ as: 'nobody', note: 'the control request, without a session' });
  const isServedSignedOut = signedOut.kind === 'redirected' || signedOut.page.status < 500;
  for (const as of isServedSignedOut ? (['first', 'nobody'] as const) : (['first'] as const)) {
    for (const [fault, more] of faults) {
      const what = `a request with ${fault}${as === 'nobody' ? ', without a session' : ''}`;
      const options: AuthorizationOptions = { as, decide: 'stop', ...more };
      const answer = await flow.authorize({ ...options, note: what });
      const isServerError = answer.kind === 'stayed' && answer.page.status >= 500;
      expect.that(!isServerError, `${capitalize(what)} caused a server error.`, {
        expected: 'an error at the redirect URI, or an error page below 500',
        received: describeOutcome(answer),
        exchange: answer,
      });
      if (readOutcomeError(answer) === null)
        remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
      yield { what, options, answer };
    }
  }
}
