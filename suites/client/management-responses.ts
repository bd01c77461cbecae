/** What responses about a client's record have: where it is managed, and that no cache keeps it. */
import { describeExchange, quote } from '../../fixtures/expect/describe.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { expectNoStore } from '../steps/no-store.js';
import { hasClient, sendValidRegistration } from '../steps/registration.js';
import { ManagedClient } from './managed-client.js';

export const managementMembers = requirement({
  id: 'client-management-members',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7592, '3')],
  needs: ['registration'],
  statement: 'A registration response has both members for managing the client, or neither.',
  how:
    'Registers a client. Expects registration_client_uri, an absolute https URL (http on this machine), ' +
    'together with registration_access_token, or neither.',
  hint: 'Return registration_client_uri, as a client outside sees it, together with registration_access_token.',
  async check({ flow, expect, target }) {
    const response = await sendValidRegistration(flow, flow.registrationBody(), 'an ordinary client');
    if (!hasClient(response))
      throw new Blocked(
        'registration',
        `A valid registration gave no client: ${describeExchange(response)}.`,
      );
    const { registration_client_uri: uri, registration_access_token: token } = response.object();
    expect.that(
      (uri === undefined) === (token === undefined),
      'A registration response has only one of the two members for managing the client.',
      {
        expected: 'registration_client_uri and registration_access_token, or neither',
        received: uri === undefined ? 'registration_access_token alone' : 'registration_client_uri alone',
        exchange: response,
      },
    );
    if (uri === undefined) return;
    const scheme = new URL(target.issuer).protocol;
    const isAbsolute = typeof uri === 'string' && URL.canParse(uri) && /^https?:\/\//i.test(uri);
    expect.that(
      isAbsolute && ['https:', scheme].includes(new URL(uri).protocol),
      'registration_client_uri is not an absolute https URL.',
      {
        expected: 'an absolute https URL',
        received: quote(uri),
        exchange: response,
      },
    );
  },
});

export const noStore = requirement({
  id: 'client-no-store',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: "Caches don't store responses with a client's credentials.",
  how:
    'Registers a client and, if clients are managed, reads and updates its record. Expects Cache-Control ' +
    'with no-store in each response that has a client_secret or a registration_access_token.',
  hint: 'Send Cache-Control: no-store with every response that has a secret or a token.',
  async check({ flow, expect, remark }) {
    const client = await flow.newClient();
    if (client.registration === null) throw new NotTested('No client was registered.');
    const hasCredentials = (exchange: typeof client.registration) =>
      exchange !== null &&
      (exchange.string('client_secret') ?? exchange.string('registration_access_token') ?? '') !== '';
    if (!hasCredentials(client.registration)) throw new NotApplicable('The response has no credentials.');
    expectNoStore(expect, client.registration, 'a registration response');
    if (client.registration.string('registration_client_uri') === null)
      return remark('Clients are not managed here, so only the registration was judged.');
    const mine = await ManagedClient.register(flow);
    const read = await mine.read('the record');
    if (hasCredentials(read)) expectNoStore(expect, read, 'the response to reading a client');
    const update = await mine.update(read.object(), {}, 'the record as it is');
    if (hasCredentials(update)) expectNoStore(expect, update, 'the response to updating a client');
  },
});
