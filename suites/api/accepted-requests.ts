/** How a good token is accepted. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedAtEachPlace } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';

export const bearer = requirement({
  id: 'api-bearer',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '2.1'), polarDocs('Make authenticated requests')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A valid access token in the Authorization header is accepted.',
  how:
    'GET a protected endpoint with Authorization: Bearer and a fresh access token of its scope: 200, within three ' +
    'seconds. A token that is valid only after a moment is judged by token-valid-at-once.',
  hint: 'Read the Authorization header, and look the token up where the token endpoint stores it.',
  async check({ flow, expect }) {
    const scope = flow.apiScope(await flow.client(), 'protected');
    const { access_token } = await flow.tokens({ scope });
    const exchange = await useFresh(() => flow.callApi('protected', access_token));
    expect.status(exchange, 200, 'a request with a valid access token');
  },
});

/** Seconds before the end of a lifetime: clocks count whole seconds, and a request takes time. */
const EARLY_SECONDS = 10;

export const lifetime = requirement({
  id: 'api-token-lifetime',
  // expires_in is RECOMMENDED, and a server may end a token for reasons of its own; here it has none.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'An access token works as long as expires_in says.',
  how:
    'An access token that nothing ends is accepted at once, and again at the API and at userinfo ten seconds before the ' +
    'lifetime that expires_in names is over. Not applicable where the token response has no expires_in; not tested where ' +
    'the target can make no token older and waiting so long is not allowed.',
  hint: 'Take expires_in from the time at which the token really ends.',
  waits: true,
  async check({ flow, target, expect, time }) {
    const { tokens, places } = await acceptedAtEachPlace({ flow, target });
    const { expires_in: stated } = tokens.exchange.object();
    if (typeof stated !== 'number') throw new NotApplicable('The token response has no expires_in.');
    if (stated <= EARLY_SECONDS) throw new NotTested(`The token lives for ${stated} seconds only.`);
    await time.advance(stated - EARLY_SECONDS, tokens.access_token, 'the access token');
    for (const { endpoint, where } of places) {
      const note = `${EARLY_SECONDS} seconds before its end${where}`;
      const exchange = await flow.callApi(endpoint, tokens.access_token, { note });
      const message = `The access token ended before its expires_in of ${stated} seconds was over${where}.`;
      expect.that(exchange.status === 200, message, {
        expected: 'status 200',
        received: describeExchange(exchange),
        exchange,
      });
    }
  },
});

export const schemeCase = requirement({
  id: 'api-scheme-case',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9110, '11.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'The scheme name is recognized in any letter case.',
  how: "With 'Bearer' 200; the same token with 'bearer' and with 'BEARER': 200 as well. At the API and at userinfo.",
  hint: 'Compare the name of the scheme without regard to case.',
  async check({ flow, target, expect }) {
    const { tokens, places } = await acceptedAtEachPlace({ flow, target });
    for (const { endpoint, where } of places) {
      for (const scheme of ['bearer', 'BEARER']) {
        const authorization = `${scheme} ${tokens.access_token}`;
        const note = `the scheme as ${scheme}${where}`;
        const exchange = await flow.callApi(endpoint, null, { authorization, note });
        expect.status(exchange, 200, `a valid token with the scheme spelled ${scheme}${where}`);
      }
    }
  },
});
