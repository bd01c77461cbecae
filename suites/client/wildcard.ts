/** A star in a redirect URI: refused, or a star, but never any text. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hasClient, registerControl, sendRegistration } from '../steps/registration.js';

/** What is registered, and an address that it would match if the star stood for any text. */
const PATTERNS = [
  ['https://*.example.com/cb', 'https://other.example.com/cb'],
  ['https://app.example.com/*', 'https://app.example.com/x'],
  ['https://app.example.com/*/cb', 'https://app.example.com/x/cb'],
  ['https://app.example.com:*/cb', 'https://app.example.com:8443/cb'],
  ['https://app.example.com/cb?x=*', 'https://app.example.com/cb?x=1'],
] as const;

export const redirectWildcard = requirement({
  id: 'client-redirect-wildcard',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['registration', 'user'],
  statement: 'A wildcard in a registered redirect URI never matches anything else.',
  how:
    'Registers https://other.example.com/cb and https://app.example.com/x as they are, and a signed-in ' +
    "user's request is answered there. Then registers https://*.example.com/cb and " +
    'https://app.example.com/*, one by one. Expects a status from 400 to 499 and no client, or a client ' +
    'that never gets an answer at the plain address.' +
    ' The same with a star for a path segment, a port and a value in the query.',
  hint: 'Refuse a star in a redirect URI, and compare redirect URIs as strings.',
  async check({ flow, expect, remark }) {
    for (const [pattern, meant] of PATTERNS) {
      const body = flow.registrationBody({ redirect_uris: [pattern] });
      const response = await sendRegistration(flow, body, pattern);
      const client = hasClient(response) ? clientFromResponse(response, body) : null;
      remark(`${pattern}: ${describeExchange(response)}.`);
      if (client === null || client.redirect_uris.includes(meant)) continue;
      await demandAnswered(flow, meant);
      const what = `a request with ${meant}, where ${pattern} is registered,`;
      const answer = await flow.authorize({ client, redirect_uri: meant, note: what });
      const there = answer.kind === 'redirected' && answer.location.startsWith(meant);
      expect.that(!there, `The star in ${pattern} matched other text: ${meant} got an answer.`, {
        expected: `nothing sent to ${meant}, which is not registered`,
        received: `the browser was sent to ${meant}`,
      });
    }
    await registerControl(flow, flow.registrationBody());
  },
});

/** The control: registered plainly, the address is answered. */
async function demandAnswered(flow: Flow, redirect_uri: string): Promise<void> {
  const client: Client = await flow.newClient({ redirect_uris: [redirect_uri] });
  const answer = await flow.authorize({ client, note: `the control: ${redirect_uri} registered plainly` });
  if (answer.kind === 'redirected') return;
  throw new Blocked('code', `The plainly registered ${redirect_uri} was not answered.`);
}
