/** Parameters that a client may leave empty, repeat from another request, or put in another order. */

import { capitalize } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type {
  AuthorizationOptions,
  AuthorizationOutcome,
  RedirectOutcome,
} from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { parseScopes } from '../steps/granted-scopes.js';

/** Parameters whose absence changes nothing for a request that was allowed before. */
const LEFT_EMPTY = [
  'nonce',
  'prompt',
  'max_age',
  'display',
  'ui_locales',
  'claims_locales',
  'id_token_hint',
  'login_hint',
  'acr_values',
  'claims',
  'request',
  'request_uri',
  'response_mode',
  'x_unknown',
];

export const parameterEmpty = requirement({
  id: 'authz-parameter-empty',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1')],
  needs: ['user', 'client'],
  statement: 'A parameter with no value counts as left out.',
  how:
    "A signed-in user's request gets a code. Expects one with each of these empty, one at a time: " +
    `${LEFT_EMPTY.join(', ')}, and no login page that the request doesn't get without it. With an empty ` +
    'state, expects no state in the answer, nor in the error for prompt=none without a session.',
  hint: 'Drop parameters with no value before anything reads them.',
  deadline: 60_000,
  async check({ flow, expect, remark }) {
    const { outcome } = await flow.code({ note: 'the control request' });
    const control = await flow.authorize({ note: 'the control request again' });
    const asksAlways = [outcome, control].some(showedLogin);
    for (const name of LEFT_EMPTY) {
      const what = `a request with an empty ${name}`;
      const answer = await flow.authorize({ params: { [name]: '' }, note: what });
      expect.issuedCode(answer, `${capitalize(what)} was refused.`, 'a code, as without the parameter');
      expect.that(asksAlways || !showedLogin(answer), `${capitalize(what)} made the user sign in again.`, {
        expected: 'a code without a login, as without the parameter',
        received: 'a login page',
        exchange: answer,
      });
    }
    const without = await flow.authorize({ state: null, note: 'without state' });
    if (findCodeInQuery(without) === null)
      return remark('A request without state is refused, so an empty one was not tried.');
    const stateless = await flow.authorize({ params: { state: '' }, note: 'an empty state' });
    judgeNoState(expect, expect.redirected(stateless, 'a request with an empty state'));
    const error = await flow.authorize({
      as: 'nobody',
      params: { state: '', prompt: 'none' },
      decide: 'stop',
      note: 'an empty state, prompt=none without a session',
    });
    if (error.kind === 'redirected') judgeNoState(expect, error);
  },
});

const showedLogin = ({ pages }: AuthorizationOutcome): boolean => pages.some(({ kind }) => kind === 'login');

function judgeNoState(expect: Expect, answer: RedirectOutcome): void {
  expect.that(!answer.query.has('state'), 'The answer to a request with an empty state has a state.', {
    expected: 'no state, as without one',
    received: `state=${answer.query.get('state')}`,
    exchange: answer,
  });
}

export const nonceRepeated = requirement({
  id: 'authz-nonce-repeated',
  level: 'SHOULD',
  levelReason:
    'No keyword: the nonce protects the client from replay, and no clause says what the server does with it.',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('2')],
  needs: ['user', 'client'],
  statement: 'A nonce that was sent before is no reason to refuse a request.',
  how:
    'A request gets a code. Sends the same nonce again while that code is unused, and after it was ' +
    "exchanged. Expects another code each time. A user who reloads, or uses the browser's back button, " +
    'sends such a request.',
  hint: 'Pass the nonce on to the ID Token, and let the client recognize a replay.',
  async check({ flow, expect }) {
    const first = await flow.code({ note: 'the control request' });
    const { nonce } = first.request;
    const again = async (what: string) =>
      expect.issuedCode(
        await flow.authorize({ nonce, note: what }),
        `${capitalize(what)} was refused.`,
        'another code',
      );
    await again('a request with the nonce of an unused code');
    await flow.exchangeCode(first, { note: 'the exchange of the first code' });
    await again('a request with the nonce of a code that was exchanged');
  },
});

export const scopeOrder = requirement({
  id: 'authz-scope-order',
  level: 'MUST',
  levelReason:
    "No keyword: section 3.3 says that the order doesn't matter. A client can't know which order a server " +
    'prefers.',
  profile: 'oidc',
  clauses: [rfc(6749, '3.3')],
  needs: ['user', 'client'],
  statement: "The order of scopes, and of parameters, doesn't matter.",
  how:
    'A request for openid and a second scope is granted. Then sends openid last, and the parameters in ' +
    'another order. Expects the same scopes.',
  hint: 'Compare scopes as a set, and look for openid at every position.',
  async check({ flow, expect }) {
    const client = await flow.client();
    const scope = flow.widerScope(client);
    const granted = await grantedScopes(flow, { client, scope, note: 'the control: openid first' });
    const reversed = scope.split(' ').toReversed().join(' ');
    const orders: readonly (readonly [string, AuthorizationOptions])[] = [
      [`a request for "${reversed}"`, { scope: reversed }],
      [
        'a request with its parameters in another order',
        { scope, params: { scope, response_type: 'code', client_id: client.client_id } },
      ],
    ];
    for (const [what, options] of orders) {
      const code = expect.issuedCode(
        await flow.authorize({ client, ...options, note: what }),
        `${capitalize(what)} was refused.`,
      );
      const exchange = await flow.exchangeCode(code, { note: 'what was granted' });
      const now = listScopes(readTokens(code, exchange).scope);
      expect.that(now === granted, `${capitalize(what)} was granted other scopes.`, {
        expected: granted,
        received: now,
        exchange,
      });
    }
  },
});

async function grantedScopes(flow: Flow, options: AuthorizationOptions): Promise<string> {
  return listScopes((await flow.tokens(options)).scope);
}

const listScopes = (scope: string): string => [...parseScopes(scope)].toSorted().join(' ');
