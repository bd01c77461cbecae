/** The answer to an allowed request: one code in the query, and the issuer. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { findCode, findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome, RedirectOutcome } from '../../fixtures/flow/types.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { isBlockedBy, isNotTested, nullOn } from '../steps/signals.js';
import { registeredAlike } from './clients.js';
import { provokeDenial, provokeErrorResponse } from './error-responses.js';

const RESPONSE_PARAMETERS = ['code', 'access_token', 'id_token', 'state', 'error'] as const;

export const codeResponse = requirement({
  id: 'authz-code-response',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), oidcCore('3.1.2.5'), rfc(9700, '4.1.3')],
  needs: ['user', 'client'],
  statement: 'An allowed request ends at the redirect URI with exactly one code in the query.',
  how:
    'A signed-in user allows a request with state, nonce and an S256 challenge. Expects one code in the ' +
    'query, not empty, with no error, access_token or id_token, and no response parameters in the ' +
    'fragment. The same for a client that was just registered and is allowed on a page, and with no nonce. ' +
    'With no state, remarks on an error, because some servers insist on state (authz-state-optional).',
  hint: "Add code once to the redirect URI's query, and nothing to the fragment.",
  async check({ flow, expect, remark }) {
    judgeCode(expect, expect.redirected(await flow.authorize(), 'an allowed request'), 'an allowed request');
    const client = await registeredAlike(flow);
    if (client !== null) {
      const what = 'the first request of a client';
      const first = await flow.authorize({ client, note: what });
      // This requirement doesn't judge whether a new client is answered at all.
      if (first.kind === 'redirected' && findCode(first) !== null) judgeCode(expect, first, what);
    }
    const withoutNonce = await flow.authorize({ nonce: null, note: 'without nonce' });
    const what = 'a request without nonce';
    judgeCode(expect, expect.redirected(withoutNonce, what), what);
    const withoutState = await flow.authorize({ state: null, note: 'without state' });
    if (findCodeInQuery(withoutState) === null)
      remark(`Without state the request ended at ${describeOutcome(withoutState)}.`);
  },
});

function judgeCode(expect: Expect, answer: RedirectOutcome, what: string): void {
  const { query, fragment } = answer;
  expect.issuedCode(
    answer,
    `The answer to ${what} has no code in its query.`,
    'code, not empty, in the query',
  );
  expect.once(query.getAll('code'), 'code', `the answer to ${what}`);
  const other = ['error', 'access_token', 'id_token'].find((name) => query.has(name));
  expect.none(other, `The answer to ${what} has ${other} besides the code.`, 'code, and no other credential');
  const misplaced = RESPONSE_PARAMETERS.find((name) => fragment.has(name));
  expect.none(misplaced, `The fragment of the redirect holds ${misplaced}.`, 'no response parameter there');
}

const hasNoError = (signal: unknown) => isBlockedBy('silentError')(signal) || isNotTested(signal);

export const iss = requirement({
  id: 'authz-iss',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9207, '2'), rfc(9207, '3')],
  needs: ['user', 'client'],
  statement: "iss in a response is the issuer, and it's always there if the metadata promises it.",
  how:
    'Looks at a code response, at an error response, at the error for an unknown response_type and, for a ' +
    'client that was just registered, at a denial and at the code after consent. If the document has ' +
    'authorization_response_iss_parameter_supported, expects iss once in each. Wherever iss is, expects ' +
    "the document's issuer. Not applicable if iss is neither promised nor sent.",
  hint: "Add iss with exactly the document's issuer to code and error responses alike.",
  async check(context) {
    const { flow, expect } = context;
    const { issuer, authorization_response_iss_parameter_supported: supported } = flow.metadata();
    const promised = supported === true;
    let sent = 0;
    for (const [which, { query }] of await collectResponses(context, promised)) {
      const values = query.getAll('iss');
      if (values.length === 0 && !promised) continue;
      expect.once(values, 'iss', promised ? `the ${which}, though the metadata promises it` : `the ${which}`);
      expect.same(values[0], issuer, `The iss of the ${which} is not the issuer.`);
      sent += 1;
    }
    if (sent === 0) throw new NotApplicable('The server neither promises nor sends iss.');
  },
});

/** @returns a response of each kind that this server gives, each with its name for a sentence */
async function collectResponses(
  { flow, target, remark }: CheckContext,
  promised: boolean,
): Promise<readonly (readonly [which: string, answer: RedirectOutcome])[]> {
  const { outcome } = await flow.code();
  const provoke = () => provokeErrorResponse(flow, target.profile);
  const error = promised ? await provoke() : await nullOn(hasNoError, provoke);
  if (error === null) remark('No error response was to be had.');
  const early = await flow.authorize({
    params: { response_type: 'no_such_type' },
    decide: 'stop',
    note: 'an unknown response_type',
  });
  const client = await registeredAlike(flow);
  const answers: readonly (readonly [string, AuthorizationOutcome | null])[] = [
    ['code response', outcome],
    ['error response', error],
    ['error response to an unknown response_type', early],
    ['response to a denial', await provokeDenial(flow)],
    ['code response after consent', client && (await flow.authorize({ client, note: 'after consent' }))],
  ];
  return answers.flatMap(([which, answer]) =>
    answer?.kind === 'redirected' ? [[which, answer] as const] : [],
  );
}
