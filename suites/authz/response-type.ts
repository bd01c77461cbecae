/** Nothing but response_type=code is offered. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';

export const responseTypeInvalid = requirement({
  id: 'authz-response-type-invalid',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1.1'), rfc(6749, '4.1.2.1'), rfc(6749, '1.8')],
  needs: ['user', 'client'],
  statement: 'A request whose response_type is missing or unknown is an error.',
  how:
    'Signed in, after the same request with response_type=code gave a code: response_type left out, empty, then ' +
    'response_type=no_such_type, and CODE, as values are case-sensitive; pages that come are carried through. Each ends with an error at the redirect URI ' +
    '(unsupported_response_type or invalid_request expected, another is noted) or on an error page below 500, never with a ' +
    'code or token. Afterwards response_type=code still works.',
  hint: 'Demand response_type and refuse every value that is not supported.',
  async check({ flow, expect, remark }) {
    await flow.code({ note: 'the control request' });
    for (const [type, what] of [
      [null, 'a request without response_type'],
      ['', 'a request with an empty response_type'],
      ['no_such_type', 'a request with an unknown response_type'],
      ['CODE', 'a request with response_type=CODE'],
    ] as const) {
      const answer = await flow.authorize({ params: { response_type: type }, note: what });
      expect.authorizationRefused(answer, what);
      remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
    }
    await flow.code({ note: 'the control request again' });
  },
});

export const responseTypeCodeOnly = requirement({
  id: 'authz-response-type-code-only',
  // The documentation names one value; RFC 9700 has SHOULD NOT for tokens in an authorization response.
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), rfc(9700, '2.1.2')],
  needs: ['user', 'client'],
  statement: 'Nothing but the authorization code flow is offered.',
  how:
    'Signed in, after response_type=code gave a code: response_type token, id_token, id_token token, code token, code ' +
    'id_token and none in turn, with nonce. Each ends with an error at the redirect URI, in query or fragment, or on an error page; ' +
    'no access_token, id_token or code comes.',
  hint: 'Refuse every response_type but code with unsupported_response_type.',
  async check({ flow, expect }) {
    await flow.code({ note: 'the control request' });
    for (const type of ['token', 'id_token', 'id_token token', 'code token', 'code id_token', 'none']) {
      const answer = await flow.authorize({ params: { response_type: type }, note: `response_type=${type}` });
      expect.authorizationRefused(answer, `a request with response_type=${type}`);
    }
  },
});
