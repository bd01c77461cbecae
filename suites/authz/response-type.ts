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
  statement: 'A request with a missing or unknown response_type gets an error.',
  how:
    "A signed-in user's request with response_type=code gets a code. Then sends no response_type, an empty " +
    'one, and no_such_type, and goes through any pages that come. Expects an error at the redirect URI ' +
    '(usually unsupported_response_type or invalid_request) or an error page below 500, and no code or ' +
    'token. Then response_type=code still works.' +
    ' Values are case-sensitive, so CODE is unknown, too.',
  hint: "Require response_type, and refuse every value that you don't support.",
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
  level: 'MUST',
  levelReason:
    'The documentation names one value, and RFC 9700 has SHOULD NOT for tokens in an authorization response.',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), rfc(9700, '2.1.2')],
  needs: ['user', 'client'],
  statement: 'The server offers only the authorization code flow.',
  how:
    "A signed-in user's request with response_type=code gets a code. Then sends token, id_token, id_token " +
    'token, code token and code id_token, with a nonce. Expects an error at the redirect URI, in query or ' +
    'fragment, or an error page, and no code or token.' +
    ' The same for response_type=none.',
  hint: 'Refuse every response_type but code with unsupported_response_type.',
  async check({ flow, expect }) {
    await flow.code({ note: 'the control request' });
    for (const type of ['token', 'id_token', 'id_token token', 'code token', 'code id_token', 'none']) {
      const answer = await flow.authorize({ params: { response_type: type }, note: `response_type=${type}` });
      expect.authorizationRefused(answer, `a request with response_type=${type}`);
    }
  },
});
