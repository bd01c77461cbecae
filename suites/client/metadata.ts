/** What a registration must have, and which of its values may enter the record. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { expectRegistrationsRefused } from './refused-registrations.js';

const CLAUSE = polarDocs('Create an OAuth2 client');
/** A value of the syntax of RFC 6749 section 3.3 that no server lists. */
const NO_SCOPE = 'no.such:scope';

export const requiredFields = requirement({
  id: 'client-required-fields',
  level: 'MUST',
  profile: 'polar',
  clauses: [CLAUSE, rfc(7591, '5')],
  needs: ['registration'],
  statement: 'A client without application name or without redirect URI is refused.',
  how:
    'A complete client is registered; then, one by one, without client_name, without redirect_uris, and with an empty ' +
    'list of them. Expected of each: a status from 400 to 499 and no client. An empty name and a missing homepage ' +
    'are not tried. Afterward the complete client registers again.',
  hint: 'Demand client_name and at least one redirect URI before a client is stored.',
  async check(context) {
    const { flow } = context;
    await expectRegistrationsRefused(context, {
      subject: 'A client that lacks a required field',
      control: flow.registrationBody(),
      trials: [
        {
          label: 'no client_name',
          body: flow.registrationBody({ client_name: null }),
          member: 'client_name',
        },
        { label: 'no redirect_uris', body: flow.registrationBody({ redirect_uris: null }) },
        { label: 'an empty list of redirect_uris', body: flow.registrationBody({ redirect_uris: [] }) },
      ],
    });
  },
});

export const scopeUnsupported = requirement({
  id: 'client-scope-unsupported',
  level: 'SHOULD',
  levelReason:
    'RFC 7591 leaves unknown scopes to the server. In the documentation, scopes are chosen from a list.',
  profile: 'polar',
  clauses: [CLAUSE, rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: "A scope that the server does not support does not enter the client's record.",
  how:
    `A client is registered with scope "openid", then one with "openid ${NO_SCOPE}". Expected: a status from 400 to ` +
    '499 and no client, or 201 without the unknown scope in the returned scope. Afterward the first registers again.',
  hint: 'Compare each value of scope with the scopes that the server lists.',
  async check(context) {
    const { flow } = context;
    await expectRegistrationsRefused(context, {
      subject: 'A client with a scope that the server does not support',
      control: flow.registrationBody({ scope: 'openid' }),
      trials: [
        {
          label: NO_SCOPE,
          body: flow.registrationBody({ scope: `openid ${NO_SCOPE}` }),
          harmless: isLeftOut,
          member: 'scope',
        },
      ],
    });
  },
});

/** A scope that was registered is returned (RFC 7591 section 3.2.1), so one that is not returned was not. */
function isLeftOut(response: Exchange, twin: Exchange): boolean {
  const scope = response.string('scope');
  if (scope !== null) return !scope.split(' ').includes(NO_SCOPE);
  if (twin.string('scope') !== null) return true;
  throw new NotTested(
    'The server does not return the scope of a registration, so what it stored cannot be seen.',
  );
}
