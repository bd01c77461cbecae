/** A public client whose redirect URI any app can take may not get codes silently. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { nativeClient } from '../steps/clients.js';

/** None of them belongs to one application alone. A custom scheme doesn't either, but no browser here can follow one. */
const SHARED_URIS = ['http://127.0.0.1/callback', 'http://localhost/callback'];

export const publicRepeat = requirement({
  id: 'consent-public-repeat',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(8252, '8.6'), rfc(6749, '10.2')],
  needs: ['user', 'public-client', 'registration', 'page'],
  byBrowser: true,
  statement: 'A public client with a loopback redirect URI never gets a second code silently.',
  how:
    `Registers a public client with ${SHARED_URIS.join(', or ')}, and the user allows it on a consent ` +
    'page. Sends the same request again, and once more with prompt=none. Expects a page or an error, and ' +
    'no code without the user. Not applicable if the server registers no such client or asks nobody.',
  hint:
    "Ask again for public clients whose redirect URI isn't https: any app on the device can pretend to be " +
    'them.',
  async check({ flow, expect, remark }) {
    const client = await clientWithSharedUri(flow);
    const first = await flow.code({ client, note: 'the user allows' });
    if (first.outcome.pages.every(({ kind }) => kind !== 'consent'))
      throw new NotApplicable('The server shows no consent page to a new client.');
    for (const [params, what] of [
      [{}, 'The second request'],
      [{ prompt: 'none' }, 'A request with prompt=none'],
    ] as const) {
      const answer = await flow.authorize({ client, params, decide: 'stop', note: what.toLowerCase() });
      const message = `${what} of a public client with the redirect URI ${client.redirect_uri} gave a code without the user.`;
      if (answer.pages.length === 0) expect.noCode(answer, message, 'a page that asks the user, or an error');
      remark(`${what} ended at ${describeOutcome(answer)}.`);
    }
  },
});

async function clientWithSharedUri(flow: Flow): Promise<Client> {
  for (const uri of SHARED_URIS) {
    const client = await nativeClient(flow, uri);
    if (client?.token_endpoint_auth_method === 'none') return client;
  }
  throw new NotApplicable('The server registers no public client with a loopback redirect URI.');
}
