/** Redirect URIs of native apps on the loopback interface, whose port the system chooses. */
import { randomInt } from 'node:crypto';
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { nativeClient } from '../steps/clients.js';
import { applyMode, expectNeverAnswered, findAnsweringModes } from './never-answered.js';

const LITERALS = ['127.0.0.1', '[::1]'];

export const loopbackPort = requirement({
  id: 'authz-loopback-port',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(8252, '7.3'), rfc(9700, '2.1')],
  needs: ['public-client', 'registration'],
  statement: 'A registered loopback redirect URI works with any port, and with no other path.',
  how:
    'Registers public clients with http://127.0.0.1/callback, http://127.0.0.1:49152/callback and ' +
    "http://[::1]/callback. Expects an answer at another port of each one that's accepted, and none with " +
    'another path, with another host or with https. Not applicable if the server registers no such URI. ' +
    "Doesn't change the port of localhost, which is a name and not an IP literal.",
  hint: "Leave the port out of the comparison if the registered URI's host is a loopback IP literal.",
  async check(context) {
    const { flow, expect } = context;
    let judged = 0;
    for (const [literal, registeredPort] of [
      [LITERALS[0], ''],
      [LITERALS[0], ':49152'],
      [LITERALS[1], ''],
    ] as const) {
      const registered = `http://${literal}${registeredPort}/callback`;
      const client = await nativeClient(flow, registered);
      if (client === null) continue;
      judged += 1;
      const [mode] = await findAnsweringModes(flow, client);
      const port = randomInt(49_153, 65_000);
      const uri = `http://${literal}:${port}/callback`;
      const what = `a request with ${uri}, where ${registered} is registered,`;
      const answer = await flow.authorize(
        applyMode(mode, { client, redirect_uri: uri, note: 'another port of the loopback interface' }),
      );
      expect.that(
        answer.kind === 'redirected' && answer.location.startsWith(uri),
        `${capitalize(what)} was not answered there.`,
        {
          expected: 'an answer at the port of the request',
          received: describeOutcome(answer),
          exchange: answer,
        },
      );
      const others = [
        `http://${literal}:${port}/other`,
        `http://${literal}:${port}@evil.example/callback`,
        `http://${literal}.evil.example:${port}/callback`,
        `https://${literal}:${port}/callback`,
      ];
      await expectNeverAnswered(
        context,
        client,
        others.map((redirect_uri) => ({
          what: `a request with ${redirect_uri}, where ${registered} is registered,`,
          options: { redirect_uri },
        })),
      );
    }
    if (judged === 0)
      throw new NotApplicable('The server registers no redirect URI with a loopback IP literal.');
  },
});
