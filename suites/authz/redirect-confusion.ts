/** Redirect URIs that one parser takes for a registered one, and another for something else. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { confusingUris } from './confusing-uris.js';
import { expectNeverAnswered, WHAT_IS_AN_ANSWER } from './never-answered.js';

export const redirectConfusion = requirement({
  id: 'authz-redirect-confusion',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1'), rfc(9700, '4.1.3'), rfc(3986, '6.2.1')],
  needs: ['client'],
  statement: 'The server refuses a redirect URI that only looks like the registered one to some parser.',
  how:
    'The registered URI gets an answer. Then sends about thirty look-alikes: backslashes, encoded dots, ' +
    'slashes and line breaks, tabs and spaces, double encoding, user information, a second host before or ' +
    'after it, a dot after the host, a fragment, the default port, and capitals in scheme and host. ' +
    `Expects no answer at any of them, and no code anywhere. ${WHAT_IS_AN_ANSWER}`,
  hint: 'Compare the strings as they arrived, before any parser touches them.',
  deadline: 60_000,
  async check(context) {
    const { flow, expect } = context;
    const client = await flow.client();
    const judge = (answer: AuthorizationOutcome, what: string): void => {
      expect.notRedirected(answer, what);
      if (answer.kind === 'stayed') return;
      const sent = answer.request.redirect_uri ?? '';
      expect.that(!answer.location.startsWith(sent), `${capitalize(what)} was answered there.`, {
        expected: 'nothing sent to that redirect URI',
        received: describeOutcome(answer),
        exchange: answer,
      });
    };
    const attempts = confusingUris(client.redirect_uri).map(({ uri, what }) => ({
      what,
      options: { redirect_uri: uri },
    }));
    await expectNeverAnswered(context, client, attempts, judge);
  },
});
