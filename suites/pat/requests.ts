/** What a personal access token is good for, and what it isn't. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { type ExpectedRefusal, expectBearerRefused } from '../steps/bearer-requests.js';
import { demandAuthenticated } from '../steps/exchange.js';
import { configuredToken, sendControl } from './configured-tokens.js';

const requests = polarDocs('Make authenticated requests');
const which = polarDocs('Which one should I use?');
const NEEDS = ['pat', 'api-user-endpoint'] as const;

/** The valid token works, and then this one is refused. Another status than the usual one is remarked on. */
async function judgeRefused(
  context: CheckContext,
  token: string,
  what: string,
  { usual, ...rules }: { readonly usual: number } & Pick<ExpectedRefusal, 'challenge'>,
): Promise<void> {
  const { flow, expect, remark } = context;
  const control = await sendControl(context);
  const exchange = await flow.callApi('user', token, { note: what });
  expectBearerRefused(expect, exchange, { what, control, ...rules });
  // RFC 6750 section 3.1 recommends the status, and no more.
  if (exchange.status !== usual) remark(`The status for ${what} is ${exchange.status}, not ${usual}.`);
}

export const accepted = requirement({
  id: 'pat-accepted',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, which],
  needs: NEEDS,
  statement: 'A personal access token authenticates an API request.',
  how: "Sends the user endpoint the target file's valid token as Authorization: Bearer. Expects 200.",
  hint: 'Look up bearer tokens among personal access tokens too. Their subject is the user.',
  async check({ flow, expect, target }) {
    const exchange = await flow.callApi('user', configuredToken(target, 'valid'));
    if (exchange.status >= 500)
      throw new Blocked('apiRequest', `The endpoint answered ${describeExchange(exchange)}.`);
    expect.status(exchange, 200, 'a request with a personal access token');
  },
});

export const scopeEnforced = requirement({
  id: 'pat-scope-enforced',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, rfc(6750, '3.1')],
  needs: NEEDS,
  statement: "A personal access token's scopes are enforced.",
  how:
    "The valid token gets 200. Then sends the limited one, without the endpoint's scope. Expects 4xx " +
    '(usually 403) and none of the data.',
  hint: "Compare the personal access token's scopes with what the endpoint needs.",
  async check(context) {
    const limited = configuredToken(context.target, 'limited');
    await judgeRefused(context, limited, 'a personal access token without the scope', { usual: 403 });
  },
});

const WRONG = [
  ['a random personal access token', 'random'],
  ['an altered personal access token', 'middle'],
  ['a personal access token with its letters in the other case', 'case'],
  ['a personal access token with one more character', 'longer'],
  ['a personal access token with one character less', 'shorter'],
] as const;

export const invalid = requirement({
  id: 'pat-invalid',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, rfc(6750, '3'), rfc(6750, '3.1')],
  needs: NEEDS,
  statement: 'An unknown personal access token is refused.',
  how:
    'The valid token gets 200. Then sends a random one of the same form, and the valid one with a ' +
    'character changed in its middle, with its letters in the other case, one character longer and one ' +
    'shorter. Expects 4xx (usually 401) with a Bearer challenge and none of the data.',
  hint: "Refuse every token that isn't found, whatever its prefix, and compare tokens byte for byte.",
  async check(context) {
    const valid = configuredToken(context.target, 'valid');
    for (const [what, how] of WRONG) {
      const token = context.alter(valid, how);
      if (token !== valid) await judgeRefused(context, token, what, { usual: 401, challenge: true });
    }
  },
});

export const expired = requirement({
  id: 'pat-expired',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, rfc(6750, '3.1')],
  needs: NEEDS,
  statement: 'An expired personal access token is refused.',
  how:
    "The valid token gets 200. Then sends the target file's expired one. Expects 4xx (usually 401) and " +
    'none of the data.',
  hint: "Compare the token's expiry with the clock on every request.",
  async check(context) {
    const old = configuredToken(context.target, 'expired');
    await judgeRefused(context, old, 'an expired personal access token', { usual: 401 });
  },
});

export const notAGrant = requirement({
  id: 'pat-not-a-grant',
  level: 'MUST',
  profile: 'polar',
  clauses: [which, rfc(6749, '5.2')],
  needs: ['pat', 'client'],
  statement: "A personal access token doesn't work at the token endpoint.",
  how:
    'An authenticated client posts the valid token as refresh_token and as code: expects 400 and ' +
    'invalid_grant. As client_secret: expects 400 or 401 and invalid_client. Expects no tokens, and 200 ' +
    'for it at the user endpoint afterward.',
  hint: 'Look up codes and refresh tokens only among their own kind.',
  async check(context) {
    const { flow, expect, target } = context;
    const value = configuredToken(target, 'valid');
    const client = await flow.client();
    const asRefresh = { grant_type: 'refresh_token', refresh_token: value };
    const refreshed = await flow.tokenRequest(asRefresh, { note: 'as refresh_token' });
    await demandAuthenticated(flow, refreshed, client);
    expect.invalidGrant(refreshed, 'a personal access token as refresh_token');
    const { redirect_uri } = client;
    const asCode = { grant_type: 'authorization_code', code: value, redirect_uri };
    const exchanged = await flow.tokenRequest(asCode, { note: 'as code' });
    expect.invalidGrant(exchanged, 'a personal access token as code');
    const auth = { client, secret: value };
    expect.refused(await flow.tokenRequest(asCode, { auth, note: 'as client_secret' }), {
      status: [400, 401],
      error: 'invalid_client',
      what: 'a personal access token as client_secret',
    });
    if (target.settings.apiEndpoints?.user !== undefined) await sendControl(context, 'the token afterward');
  },
});
