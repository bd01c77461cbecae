/** What happens to the redirect URI on the way: its own query is kept, and a second one is never used. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { AuthorizationOptions, Client, RedirectOutcome } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { judgeState } from '../steps/state.js';
import { clientWithRedirectUris } from './clients.js';
import { applyMode, findAnsweringModes, WHAT_IS_AN_ANSWER } from './never-answered.js';

/** A reserved name that no client has registered. */
const FOREIGN = 'https://evil.example/cb';

/** Characters that must stay encoded, and none. */
const QUERIES = ['?tenant=7&next=%2Fa%3Fb%3D1%26c%2Bd', '?tenant=7'] as const;

export const redirectQueryRetained = requirement({
  id: 'authz-redirect-query-retained',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1.2')],
  needs: ['user', 'client'],
  statement: "The response keeps the registered redirect URI's own query.",
  how:
    `The shared client gets a code. Then a client whose registered redirect URI ends with ${QUERIES[0]} ` +
    `(or ${QUERIES[1]}, if the server refuses encoded characters) sends a request. Expects these ` +
    'parameters and code once each, and the state. The errors for prompt=none without a session, for an ' +
    'unknown response_type and for a denial keep them too. Not applicable if no client has, or can ' +
    'register, such a redirect URI.',
  hint: "Add the response's parameters to the query that the redirect URI already has.",
  async check({ flow, expect }) {
    await flow.code({ note: 'the control request: the shared client' });
    const client = await clientWithQuery(flow);
    const answer = await flow.authorize({ client, note: 'a redirect URI with a query of its own' });
    if (answer.kind === 'stayed')
      return void expect.redirected(answer, 'a request whose registered redirect URI has a query');
    judgeQueryKept(expect, client, answer, 'The answer');
    expect.once(answer.query.getAll('code'), 'code', 'the answer');
    judgeState(expect, answer);
    const errors: readonly (readonly [what: string, options: AuthorizationOptions])[] = [
      ['The error response', { as: 'nobody', params: { prompt: 'none' }, decide: 'stop' }],
      [
        'The error for an unknown response_type',
        { params: { response_type: 'no_such_type' }, decide: 'stop' },
      ],
      ['The answer to a denial', { params: { prompt: 'consent' }, decide: 'deny' }],
    ];
    for (const [what, options] of errors) {
      // Denying may take back what the shared client was allowed.
      if (options.decide === 'deny' && client.registration === null) continue;
      const error = await flow.authorize({ client, ...options, note: what.toLowerCase() });
      if (error.kind === 'redirected') judgeQueryKept(expect, client, error, what);
    }
  },
});

/** @param what the answer, at the beginning of a sentence */
function judgeQueryKept(expect: Expect, client: Client, answer: RedirectOutcome, what: string): void {
  const own = new URLSearchParams(client.redirect_uri.split('?')[1]);
  for (const name of new Set(own.keys())) {
    const values = answer.query.getAll(name);
    const kept = own.getAll(name).join(' ') === values.join(' ');
    expect.that(kept, `${what} does not keep the parameter ${name} of the registered redirect URI.`, {
      expected: `${name}=${own.getAll(name).join(', ')}, as registered`,
      received: values.length > 0 ? `${name}=${values.join(', ')}` : `no ${name}`,
      exchange: answer,
    });
  }
}

async function clientWithQuery(flow: Flow): Promise<Client> {
  for (const query of QUERIES) {
    // Closed registration, or a server that takes no such URI.
    const own = await clientWithRedirectUris(flow, (uri) => [`${uri}${query}`]);
    if (own?.redirect_uri.includes('?') === true) return own;
  }
  const shared = await flow.client();
  if (shared.redirect_uri.includes('?')) return shared;
  throw new NotApplicable('No client has, or can have, a redirect URI with a query of its own.');
}

export const redirectDuplicate = requirement({
  id: 'authz-redirect-duplicate',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1'), rfc(6749, '4.1.2.1')],
  needs: ['client'],
  statement: 'If redirect_uri is sent twice, nothing goes to the unregistered one.',
  how:
    `The registered URI alone gets an answer. Then sends it together with ${FOREIGN}, in both orders. ` +
    `Expects an error, or an answer at the registered URI. ${WHAT_IS_AN_ANSWER}`,
  hint: 'Refuse a request that repeats redirect_uri, on an error page of your own.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    const orders = [
      ['last', [client.redirect_uri, FOREIGN]],
      ['first', [FOREIGN, client.redirect_uri]],
    ] as const;
    for (const mode of await findAnsweringModes(flow, client)) {
      for (const [order, redirect_uri] of orders) {
        const what = `redirect_uri twice, the unregistered one ${order}`;
        const answer = await flow.authorize(
          applyMode(mode, { client, params: { redirect_uri }, note: what }),
        );
        const foreign = answer.kind === 'redirected' && readHost(answer.location) === readHost(FOREIGN);
        expect.that(!foreign, `A request with ${what}, was answered at the unregistered one.`, {
          expected: 'an error, or an answer at the registered redirect URI',
          received: describeOutcome(answer),
          exchange: answer,
        });
        remark(`With ${what}, the request ended at ${describeOutcome(answer)}.`);
      }
    }
  },
});

const readHost = (uri: string): string => (URL.canParse(uri) ? new URL(uri).host : uri);
