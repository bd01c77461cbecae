/** What a personal access token is good for, and what not. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { expectBearerRefused } from '../steps/bearer-requests.js';
import { demandEndpointWorks } from '../steps/exchange.js';
import { configuredToken, sendControl } from './configured-tokens.js';

const requests = polarDocs('Make authenticated requests');
const which = polarDocs('Which one should I use?');

export const accepted = requirement({
  id: 'pat-accepted',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, which],
  needs: ['pat', 'api-user-endpoint'],
  statement: 'A personal access token authenticates an API request.',
  how: 'GET the user endpoint with Authorization: Bearer and the valid token of the target file: 200.',
  hint: 'Look bearer tokens up among personal access tokens too; the subject is the user.',
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
  needs: ['pat', 'api-user-endpoint'],
  statement: 'The scopes of a personal access token are enforced.',
  how:
    'The valid token gives 200. The limited one, which lacks the scope of the endpoint: 4xx (403 as a rule), and none of ' +
    'the data.',
  hint: 'Compare the scopes of the personal access token with what the endpoint needs.',
  async check(context) {
    const { flow, expect, target, remark } = context;
    const limited = configuredToken(target, 'limited');
    const good = await sendControl(context);
    const exchange = await flow.callApi('user', limited, { note: 'a token without the scope' });
    expectBearerRefused(expect, exchange, {
      what: 'a personal access token without the scope',
      control: good,
    });
    if (exchange.status === 401) remark('The refusal has the status 401, as if the token were unknown.');
    if (target.settings.apiEndpoints?.organization === undefined) return;
    const elsewhere = await flow.callApi('organization', limited, { note: 'the same token elsewhere' });
    remark(`At the organization endpoint the limited token was answered with status ${elsewhere.status}.`);
  },
});

export const invalid = requirement({
  id: 'pat-invalid',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, rfc(6750, '3.1')],
  needs: ['pat', 'api-user-endpoint'],
  statement: 'An unknown personal access token is refused.',
  how:
    'The valid token gives 200. A random one of the same form, and the valid one after a character in its middle was ' +
    'changed: 401 with a Bearer challenge, none of the data.',
  hint: 'Refuse every token that is not found, whatever its prefix.',
  async check(context) {
    const { flow, expect, target, alter } = context;
    const valid = configuredToken(target, 'valid');
    const good = await sendControl(context);
    for (const how of ['random', 'middle'] as const) {
      const what = how === 'random' ? 'a random personal access token' : 'an altered personal access token';
      const exchange = await flow.callApi('user', alter(valid, how), { note: what });
      expectBearerRefused(expect, exchange, { what, control: good, status: [401], challenge: true });
    }
  },
});

export const expired = requirement({
  id: 'pat-expired',
  level: 'MUST',
  profile: 'polar',
  clauses: [requests, rfc(6750, '3.1')],
  needs: ['pat', 'api-user-endpoint'],
  statement: 'An expired personal access token is refused.',
  how: 'The valid token gives 200. The expired one of the target file: 401, none of the data.',
  hint: 'Compare the expiry of the token with the clock at every request.',
  async check(context) {
    const { flow, expect, target } = context;
    const old = configuredToken(target, 'expired');
    const good = await sendControl(context);
    const exchange = await flow.callApi('user', old, { note: 'an expired token' });
    expectBearerRefused(expect, exchange, {
      what: 'an expired personal access token',
      control: good,
      status: [401],
    });
  },
});

export const notAGrant = requirement({
  id: 'pat-not-a-grant',
  level: 'MUST',
  profile: 'polar',
  clauses: [which, rfc(6749, '5.2')],
  needs: ['pat', 'client'],
  statement: 'A personal access token is worth nothing at the token endpoint.',
  how:
    'An authenticated client posts the valid token as refresh_token and as code: 400 invalid_grant. As client_secret: ' +
    '400 or 401 invalid_client. No tokens come, and at the user endpoint it still gives 200.',
  hint: 'Look codes and refresh tokens up among their own kind alone.',
  async check(context) {
    const { flow, expect, target } = context;
    const value = configuredToken(target, 'valid');
    const client = await flow.client();
    const refused = { status: 400, error: 'invalid_grant' } as const;
    const asRefresh = { grant_type: 'refresh_token', refresh_token: value };
    const refreshed = await flow.tokenRequest(asRefresh, { note: 'as refresh_token' });
    await demandEndpointWorks(flow, refreshed);
    expect.refused(refreshed, { ...refused, what: 'a personal access token as refresh_token' });
    const { redirect_uri } = client;
    const asCode = { grant_type: 'authorization_code', code: value, redirect_uri };
    expect.refused(await flow.tokenRequest(asCode, { note: 'as code' }), {
      ...refused,
      what: 'a personal access token as code',
    });
    const auth = { client, secret: value };
    expect.refused(await flow.tokenRequest(asCode, { auth, note: 'as client_secret' }), {
      status: [400, 401],
      error: 'invalid_client',
      what: 'a personal access token as client_secret',
    });
    if (target.settings.apiEndpoints?.user !== undefined) await sendControl(context, 'the token afterwards');
  },
});
