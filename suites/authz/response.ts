/** The answer to an allowed request: one code in the query, the state as it was sent, the issuer. */
import type { Redirected } from '../../fixtures/flow/types.js';
import type { Expect } from '../../fixtures/judgement/expect.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { oidcCore, rfc } from '../sources.js';
import { codeOf, inWords } from './answers.js';

/** Reserved and space characters of the printable ASCII range that RFC 6749 appendix A.5 allows. */
export const DIFFICULT_STATE = 'a b+c%2F&d=e;"~';

const RESPONSE_PARAMETERS = ['code', 'access_token', 'id_token', 'state', 'error'] as const;

export const codeResponse = requirement({
  id: 'authz-code-response',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2'), oidcCore('3.1.2.5'), rfc(9700, '4.1.3')],
  needs: ['person', 'client'],
  statement: 'An allowed request ends at the redirect URI with one code parameter in the query.',
  how:
    'A signed-in person allows a request with state, nonce and an S256 challenge: the browser is sent to the redirect URI ' +
    'with code once and not empty in the query, without error, access_token or id_token, and without response ' +
    'parameters in the fragment. Without nonce a code comes as well. Without state a code is expected; an error is noted ' +
    'only, since some servers insist on state.',
  next: 'Add code to the query of the redirect URI, once, and nothing of the response to the fragment.',
  async check({ flow, expect, remark }) {
    judgeCode(expect, expect.answered(await flow.authorize(), 'an allowed request'));
    const withoutNonce = await flow.authorize({ nonce: null, note: 'without nonce' });
    judgeCode(expect, expect.answered(withoutNonce, 'a request without nonce'));
    const withoutState = await flow.authorize({ state: null, note: 'without state' });
    if (codeOf(withoutState) === null) remark(`Without state the request ended at ${inWords(withoutState)}.`);
  },
});

function judgeCode(expect: Expect, answer: Redirected): void {
  const codes = answer.query.getAll('code');
  const finding = { expected: 'code once in the query, and no other credential', received: inWords(answer) };
  expect.that(codes.length === 1 && codes[0] !== '', 'The answer has no code in its query.', {
    ...finding,
    received: codes.length > 1 ? `code ${codes.length} times` : finding.received,
  });
  const other = ['error', 'access_token', 'id_token'].find((name) => answer.query.has(name));
  expect.that(other === undefined, `The answer has ${other} beside the code.`, finding);
  const inFragment = RESPONSE_PARAMETERS.find((name) => answer.fragment.has(name));
  expect.that(inFragment === undefined, `The fragment of the redirect holds ${inFragment}.`, {
    expected: 'no response parameter in the fragment',
    received: `${inFragment} in the fragment`,
  });
}

export const stateEcho = requirement({
  id: 'authz-state-echo',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2'), rfc(6749, 'A.5')],
  needs: ['person', 'client'],
  statement: 'state comes back exactly as it was sent.',
  how:
    'With a state of letters and digits the request ends with a code and that state. Then with one of reserved and space ' +
    `characters (${DIFFICULT_STATE}, percent-encoded in the request): the query of the response, decoded once as a form, ` +
    'has state once and identical.',
  next: 'Decode state once when it comes, keep it as it is, and encode it once when it goes.',
  async check({ flow, expect, remark }) {
    judgeState(
      expect,
      expect.answered(await flow.authorize({ note: 'a plain state' }), 'an allowed request'),
    );
    const answer = await flow.authorize({ state: DIFFICULT_STATE, note: 'a state of reserved characters' });
    if (answer.kind === 'stayed' && answer.page.status >= 400 && answer.page.status < 500) {
      remark(`A filter may have refused it: ${inWords(answer)}.`);
      throw new NotTested(
        'The state of reserved characters was refused by an error page, so it could not come back.',
      );
    }
    judgeState(expect, expect.answered(answer, 'a request whose state has reserved characters'));
  },
});

export function judgeState(expect: Expect, answer: Redirected): void {
  const states = answer.query.getAll('state');
  const sent = answer.request.state ?? '';
  expect.that(
    states.length === 1,
    states.length === 0 ? 'The answer lacks the state.' : 'The answer repeats the state.',
    {
      expected: 'state once',
      received: states.length === 0 ? 'no state' : `state ${states.length} times`,
    },
  );
  expect.that(states[0] === sent, 'The state of the answer is not the one that was sent.', {
    expected: JSON.stringify(sent),
    received: JSON.stringify(states[0]),
  });
}

export const iss = requirement({
  id: 'authz-iss',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(9207, '2'), rfc(9207, '3')],
  needs: ['person', 'client'],
  statement: 'An iss parameter in a response is the issuer, and is always there when metadata promises it.',
  how:
    'A code response, and an error response to prompt=none without a session. If the document says ' +
    'authorization_response_iss_parameter_supported, both have iss once. Wherever iss is, it equals the issuer of the ' +
    'document as a string. Neither promised nor sent: not applicable.',
  next: 'Add iss with the issuer of the document, to the letter, to code and error responses alike.',
  async check({ flow, expect, remark }) {
    const promised = flow.metadata().authorization_response_iss_parameter_supported === true;
    const success = expect.answered(await flow.authorize(), 'an allowed request');
    const error = await flow.authorize({
      as: 'nobody',
      params: { prompt: 'none' },
      note: 'an error response',
    });
    const answers: Redirected[] = [success];
    if (error.kind === 'redirected') answers.push(error);
    else
      remark(
        'prompt=none without a session brought no error response, so only the code response was looked at.',
      );
    if (!promised && answers.every(({ query }) => !query.has('iss'))) {
      throw new NotApplicable('The server neither promises nor sends iss.');
    }
    const { issuer } = flow.metadata();
    for (const answer of answers) {
      const which = answer === success ? 'code response' : 'error response';
      const values = answer.query.getAll('iss');
      expect.that(
        !promised || values.length === 1,
        `The ${which} does not have iss once, as the metadata promises.`,
        {
          expected: 'iss once',
          received: `iss ${values.length} times`,
        },
      );
      const wrong = values.find((value) => value !== issuer);
      expect.that(wrong === undefined, `The iss of the ${which} is not the issuer.`, {
        expected: String(issuer),
        received: String(wrong),
      });
    }
  },
});
