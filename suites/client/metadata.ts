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
  statement: 'The server refuses a client with no application name or no redirect URI.',
  how:
    'Registers a complete client, then, one by one, with no client_name, with no redirect_uris and with an ' +
    "empty list of them. Expects a status from 400 to 499 and no client. Doesn't try an empty name or a " +
    'missing homepage. Then the complete client registers again.',
  hint: 'Require client_name and at least one redirect URI before you store a client.',
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
  statement: "A scope that the server doesn't support never gets into the client's record.",
  how:
    `Registers scope "openid", then "openid ${NO_SCOPE}". Expects a status from 400 to 499 and no client, ` +
    'or a returned scope without the unknown one. Then the first registers again.',
  hint: 'Compare each requested scope with the scopes that the server lists.',
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
function isLeftOut(response: Exchange, control: Exchange): boolean {
  const scope = response.string('scope');
  if (scope !== null) return !scope.split(' ').includes(NO_SCOPE);
  if (control.string('scope') !== null) return true;
  throw new NotTested(
    'The server does not return the scope of a registration, so what it stored cannot be seen.',
  );
}
