/** The error response: how one is had from any server, and what it must look like. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { findCredential, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type {
  AuthorizationOptions,
  AuthorizationOutcome,
  RedirectOutcome,
} from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { ProfileName } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ERROR_TEXT, ERROR_URI } from '../steps/error-characters.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { DIFFICULT_STATE, judgeState } from '../steps/state.js';
import { registeredAlike } from './clients.js';

/**
 * An error response at the redirect URI, provoked in the cheapest way that this server answers.
 * Blocked when none brings one.
 */
export async function provokeErrorResponse(flow: Flow, profile: ProfileName): Promise<RedirectOutcome> {
  const none = { prompt: 'none' };
  const ways: readonly AuthorizationOptions[] = [
    { as: 'nobody', state: DIFFICULT_STATE, params: none, note: 'prompt=none without a session' },
    // A filter in front may mind the characters of that state; authz-state-echo finds that out.
    { as: 'nobody', params: none, note: 'prompt=none without a session, with a plain state' },
    { params: { prompt: 'none login' }, decide: 'stop', note: 'prompt="none login" of a signed-in user' },
    // What a server without OpenID Connect knows of errors (RFC 6749 section 4.1.2.1).
    {
      as: 'nobody',
      params: { response_type: 'no_such_type' },
      decide: 'stop',
      note: 'an unknown response_type',
    },
    { params: { response_type: 'no_such_type' }, decide: 'stop', note: 'the same of a signed-in user' },
  ];
  for (const way of ways) {
    const answer = await flow.authorize(way);
    if (isErrorResponse(answer)) return answer;
  }
  const denied = await provokeDenial(flow);
  if (denied !== null) return denied;
  const reason =
    'No error was sent to the redirect URI, neither with prompt=none nor with an unknown response_type nor after denying, so none could be looked at.';
  // The requirement that owns prompt=none binds OpenID providers alone.
  throw profile === 'oauth' ? new NotTested(reason) : new Blocked('silentError', reason);
}

/**
 * A denial, by a client of its own: denying may take back what the shared client was allowed.
 * @returns null if no client can be registered, nobody can deny, or a page is the answer
 */
export async function provokeDenial(flow: Flow): Promise<RedirectOutcome | null> {
  const client = await registeredAlike(flow);
  if (client === null) return null;
  const options = { client, decide: 'deny', state: DIFFICULT_STATE, note: 'a user who denies' } as const;
  const denied = await nullOn(isUnavailable, () => flow.authorize(options));
  return denied !== null && isErrorResponse(denied) ? denied : null;
}

/** A code alone answers a request that was allowed, which other checks judge. */
function isErrorResponse(answer: AuthorizationOutcome): answer is RedirectOutcome {
  return (
    answer.kind === 'redirected' && (readOutcomeError(answer) !== null || findCredential(answer) === null)
  );
}

export const errorResponse = requirement({
  id: 'authz-error-response',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), rfc(6749, '3.1'), oidcCore('3.1.2.6')],
  needs: ['client'],
  statement: 'An error response has a well-formed error code, the state, and no code.',
  how:
    'Causes an error after a valid client and redirect_uri: prompt=none without a session or, if that ' +
    'isn\'t answered, prompt="none login", an unknown response_type, or a denial. Expects error once in ' +
    'the query, not empty and with the allowed characters, the same for error_description and error_uri if ' +
    'present, the identical state once, and no code. If a client can be registered, judges a denial too.',
  hint: 'Build error responses like code responses: error and state in the query, and nothing secret.',
  async check({ flow, target, expect }) {
    const answer = await provokeErrorResponse(flow, target.profile);
    judgeErrorResponse(expect, answer, 'the error response');
    judgeState(expect, answer, 'the error response');
    const denied = await provokeDenial(flow);
    if (denied === null) return;
    judgeErrorResponse(expect, denied, 'the answer to a denial');
    judgeState(expect, denied, 'the answer to a denial');
  },
});

/**
 * A well-formed error code, and no code or token.
 * @param what the answer in a sentence: 'the error response'
 */
export function judgeErrorResponse(expect: Expect, answer: RedirectOutcome, what: string): void {
  const { query } = answer;
  expect.that(Boolean(query.get('error')), `There is no error in the query of ${what}.`, {
    expected: 'error, not empty, in the query',
    received: describeOutcome(answer),
    exchange: answer,
  });
  const credential = findCredential(answer);
  expect.that(credential === null, `${capitalize(what)} has ${credential}.`, {
    expected: 'no code and no token',
    received: String(credential),
    exchange: answer,
  });
  for (const [name, syntax] of [
    ['error', ERROR_TEXT],
    ['error_description', ERROR_TEXT],
    ['error_uri', ERROR_URI],
  ] as const) {
    const values = query.getAll(name);
    expect.that(values.length < 2, `The ${name} is repeated in ${what}.`, {
      expected: `${name} once`,
      received: `${name} ${values.length} times`,
      exchange: answer,
    });
    const wrong = values.find((value) => !syntax.test(value));
    expect.that(wrong === undefined, `${name} has characters that are not allowed, in ${what}.`, {
      expected: 'the characters of RFC 6749 section 4.1.2.1',
      received: JSON.stringify(wrong),
      exchange: answer,
    });
  }
}
