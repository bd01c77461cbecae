/** How a good token is accepted. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import {
  nextRegistrationAccess,
  readRegistration,
  readRegistrationAccess,
} from '../../fixtures/flow/client-management.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { acceptedAtEachPlace } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { isMissing, nullOn } from '../steps/signals.js';

export const bearer = requirement({
  id: 'api-bearer',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '2.1'), polarDocs('Make authenticated requests')],
  needs: ['user', 'protected-endpoint'],
  statement: 'The API accepts a valid access token in the Authorization header.',
  how:
    'Sends a protected endpoint a fresh access token with its scope as Authorization: Bearer. Expects 200 ' +
    'within three seconds. token-valid-at-once judges a token that needs a moment.',
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
  level: 'SHOULD',
  levelReason:
    'expires_in is RECOMMENDED, and a server may end a token for reasons of its own. Here it has none.',
  profile: 'oauth',
  clauses: [rfc(6749, '5.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'An access token works as long as expires_in says.',
  how:
    'The API and userinfo accept an access token. Ten seconds before its expires_in is over, they accept it again. ' +
    "Not applicable if the token response has no expires_in. Not tested if the target can't make a token older and " +
    "the wait isn't allowed.",
  hint: 'Compute expires_in from the time at which the token really ends.',
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

/** A client that may read its record may do so with the scheme in any letter case. */
async function judgeRecord({ flow, expect }: Pick<CheckContext, 'flow' | 'expect'>): Promise<void> {
  const access = await nullOn(isMissing, async () => readRegistrationAccess(await flow.newClient()));
  if (access === null) return;
  let now = access;
  const read = async (note: string, scheme: string) => {
    const authorization = `${scheme} ${now.token}`;
    const exchange = await readRegistration(flow, now.uri, null, note, { authorization });
    now = nextRegistrationAccess(exchange, now);
    return exchange;
  };
  const control = await read('the control: a client reads its record', 'Bearer');
  if (control.status !== 200) return;
  for (const scheme of ['bearer', 'BEARER']) {
    const exchange = await read(`its record, the scheme as ${scheme}`, scheme);
    const what = `a registration access token with the scheme spelled ${scheme}`;
    expect.status(exchange, 200, what);
  }
}

export const schemeCase = requirement({
  id: 'api-scheme-case',
  level: 'MUST',
  levelReason: 'No keyword: HTTP defines scheme names as case-insensitive.',
  profile: 'oauth',
  clauses: [rfc(9110, '11.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'The API recognizes the scheme name in any letter case.',
  how:
    'Bearer gets 200. Then sends the same token with bearer and BEARER, at the API and at userinfo. ' +
    'Expects 200. The same where a client reads its own record with its registration access token.',
  hint: "Ignore letter case when you compare the scheme's name.",
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
    await judgeRecord({ flow, expect });
  },
});
