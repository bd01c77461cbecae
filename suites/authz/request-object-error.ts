/** The error codes by which a server says that it does not support request objects. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';
import { makeUnsignedJwt, UNREACHABLE_REQUEST_URI } from './request-forms.js';

export const requestObjectError = requirement({
  id: 'authz-request-object-error',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('6.1'), oidcCore('6.2'), oidcCore('3.1.2.6')],
  needs: ['user', 'client'],
  statement: 'The server refuses an unsupported request object with the error code for it.',
  how:
    "A signed-in user's request gets a code. Then sends request with a JWT (alg none). If the redirect URI " +
    'gets an error, expects request_not_supported or, if the document says request_parameter_supported, ' +
    `invalid_request_object. Then sends request_uri=${UNREACHABLE_REQUEST_URI}, and expects ` +
    'request_uri_not_supported or, unless request_uri_parameter_supported is false, invalid_request_uri. ' +
    'Not applicable if neither is refused; authz-request-object judges that.',
  hint: 'Answer request with request_not_supported and request_uri with request_uri_not_supported.',
  async check({ flow, expect, remark }) {
    const { request: sent, client } = await flow.code({ note: 'the control request' });
    const metadata = flow.metadata();
    const request = makeUnsignedJwt({
      ...Object.fromEntries(sent.params),
      iss: client.client_id,
      aud: String(metadata.issuer),
    });
    // What the document leaves out counts as true for request_uri, and as false for request (Discovery section 3).
    const byValue = metadata.request_parameter_supported === true ? ['invalid_request_object'] : [];
    const byReference =
      metadata.request_uri_parameter_supported === false
        ? []
        : ['invalid_request_uri', 'invalid_request_object'];
    let judged = 0;
    for (const [params, errors, what] of [
      [{ request }, ['request_not_supported', ...byValue], 'a request object by value'],
      [
        { request_uri: UNREACHABLE_REQUEST_URI },
        ['request_uri_not_supported', ...byReference],
        'a request object by reference',
      ],
    ] as const) {
      const answer = await flow.authorize({ params, decide: 'stop', note: what });
      const error = readOutcomeError(answer);
      if (error === null || findCodeInQuery(answer) !== null) {
        remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
        continue;
      }
      judged += 1;
      expect.that(errors.includes(error), `${capitalize(what)} was refused with the error ${error}.`, {
        expected: errors.join(' or '),
        received: `error=${error}`,
        exchange: answer,
      });
    }
    if (judged === 0) throw new NotApplicable('The redirect URI received no error for a request object.');
  },
});
