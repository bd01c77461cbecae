/** Each of a client's redirect URIs is as good as the first. */

import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { answerAfterLogin } from '../steps/session.js';
import { clientWithRedirectUris } from './clients.js';

export const redirectRegistered = requirement({
  id: 'authz-redirect-registered',
  level: 'MUST',
  levelReason:
    '"Using the redirection URI provided previously": anywhere else, the answer reaches a part of the ' +
    "client that didn't ask.",
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '4.1.2.1'), rfc(6749, '3.1.2.3')],
  needs: ['user', 'client'],
  statement: 'The answer goes to the redirect URI that the request names, whichever registered one it is.',
  how:
    'A client with three registered redirect URIs, the last one with a query, gets tokens with the first. ' +
    'Then requests a code with each of them. Expects the code there, the error of prompt=none without a ' +
    'session too and, if the client was registered for this check, a denial. Each code is exchanged with ' +
    'its own URI. Not tested if the client has only one redirect URI.' +
    ' If the password is known, expects the code of the last one there after a login, too.',
  hint: "Keep the request's redirect URI through login and consent, and send every answer there.",
  deadline: 60_000,
  async check({ flow, users, expect, remark }) {
    const client = await clientWithSeveralUris(flow);
    await exchangeFreshCode(flow, { client, note: 'the control request: its first URI' });
    const errors: readonly (readonly [string, AuthorizationOptions])[] = [
      ['prompt=none without a session', { as: 'nobody', params: { prompt: 'none' }, decide: 'stop' }],
      // Denying may take back what a shared client was allowed.
      ...(client.registration === null
        ? []
        : [['a user who denies', { params: { prompt: 'consent' }, decide: 'deny' }] as const]),
    ];
    for (const redirect_uri of client.redirect_uris) {
      const which = `its redirect URI ${redirect_uri}`;
      const code = expect.issuedCode(
        await flow.authorize({ client, redirect_uri, note: `an allowed request with ${which}` }),
        `A request with ${which} gave no code there.`,
        'a code at that redirect URI',
      );
      const exchange = await flow.exchangeCode(code, { note: 'the exchange with that redirect URI' });
      expect.status(exchange, 200, `the exchange of a code that came to ${which}`);
      for (const [what, options] of errors) {
        const answer = await flow.authorize({ client, redirect_uri, ...options, note: `${what}, ${which}` });
        if (answer.kind === 'redirected') expect.redirected(answer, `${what}, with ${which},`);
        else remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
      }
    }
    const last = client.redirect_uris.at(-1) ?? client.redirect_uri;
    const note = `through a login page, with its redirect URI ${last}`;
    const answer = await answerAfterLogin(users, { client, redirect_uri: last, note });
    if (answer?.kind === 'redirected') expect.redirected(answer, `a request ${note},`);
  },
});

async function clientWithSeveralUris(flow: Flow): Promise<Client> {
  const client =
    (await clientWithRedirectUris(flow, (uri) => [uri, `${uri}/second`, `${uri}/third?tenant=7`])) ??
    (await clientWithRedirectUris(flow, (uri) => [uri, `${uri}/second`])) ??
    (await flow.client());
  if (client.redirect_uris.length > 1) return client;
  throw new NotTested('The client has only one redirect URI, and no client with several can be registered.');
}
