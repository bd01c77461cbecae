/** Where an answer may go: never to an address that the client has not registered. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions, AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { publicClientIfOffered } from '../steps/clients.js';
import { clientWithRedirectUris, uriOfAnotherClient } from './clients.js';
import { type Attempt, expectNeverAnswered, WHAT_IS_AN_ANSWER } from './never-answered.js';

/** On a reserved host, so that no client has registered it. */
const FOREIGN = 'https://evil.example/cb';

export const clientUnknown = requirement({
  id: 'authz-client-unknown',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1')],
  needs: ['client'],
  statement: 'A request with a missing or unknown client_id is never answered at its redirect_uri.',
  how:
    'The registered client gets an answer at its redirect URI. Then sends a random client_id, its own ' +
    'in the other letter case and without the last character, an empty ' +
    `one, and none, with the same redirect_uri. Expects no answer there. ${WHAT_IS_AN_ANSWER}`,
  hint: 'Look up the client first, and show an error page if there is none.',
  async check(context) {
    const { flow, expect, alter } = context;
    const client = await flow.client();
    const nowhere = (answer: AuthorizationOutcome, what: string) =>
      expect.that(answer.kind !== 'redirected', `${capitalize(what)} was answered at the redirect URI.`, {
        expected: 'nothing sent to the redirect_uri of the request',
        received: describeOutcome(answer),
      });
    await expectNeverAnswered(
      context,
      client,
      [
        {
          what: 'a request with an unknown client_id',
          options: { params: { client_id: alter(client.client_id, 'random') } },
        },
        // A number in hexadecimal may be read in any letter case.
        ...(/^[0-9a-f-]+$/i.test(client.client_id)
          ? []
          : [
              {
                what: 'a request with client_id in the other letter case',
                options: { params: { client_id: alter(client.client_id, 'case') } },
              },
            ]),
        {
          what: 'a request whose client_id lacks its last character',
          options: { params: { client_id: alter(client.client_id, 'shorter') } },
        },
        { what: 'a request without client_id', options: { params: { client_id: null } } },
        { what: 'a request with an empty client_id', options: { params: { client_id: '' } } },
      ],
      nowhere,
    );
  },
});

export const redirectUnregistered = requirement({
  id: 'authz-redirect-unregistered',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1.2.4'), rfc(6749, '4.1.2.1'), polarDocs('Start the authorization flow')],
  needs: ['client'],
  statement: 'The server never redirects to an unregistered redirect_uri.',
  how:
    `The client gets an answer at its own redirect URI. Then sends ${FOREIGN} by GET and POST, and a ` +
    'redirect URI that another client registered. Expects neither a code nor an error there. ' +
    `${WHAT_IS_AN_ANSWER}` +
    ' The same for a public client.',
  hint:
    'Compare redirect_uri with the registered ones before anything else, and show an error page if it ' +
    "isn't one of them.",
  async check(context) {
    const client = await context.flow.client();
    const foreign = await uriOfAnotherClient(context.flow, client);
    const attempts: Attempt[] = [
      { what: 'a request with an unregistered redirect_uri', options: { redirect_uri: FOREIGN } },
      {
        what: 'a request by POST with an unregistered redirect_uri',
        options: { redirect_uri: FOREIGN, method: 'POST' },
      },
    ];
    if (foreign !== null) {
      const what = 'a request with the redirect_uri of another client';
      attempts.push({ what, options: { redirect_uri: foreign } });
    }
    await expectNeverAnswered(context, client, attempts);
    const open = await publicClientIfOffered(context);
    if (open === null || open.client_id === client.client_id) return;
    const what = 'a request of a public client with an unregistered redirect_uri';
    await expectNeverAnswered(context, open, [{ what, options: { redirect_uri: FOREIGN } }]);
  },
});

export const redirectMissing = requirement({
  id: 'authz-redirect-missing',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.2')],
  needs: ['user', 'client'],
  statement: 'An OpenID request without redirect_uri gets no code.',
  how:
    'A client with two registered redirect URIs gets a code when it sends one of them. Then sends the same ' +
    'request with scope=openid and no redirect_uri, and with an empty one. Expects an error or an error ' +
    'page, and no code. A client of the target file with only one redirect URI gets a remark instead, ' +
    'because many providers then fill it in.',
  hint: 'Require redirect_uri in every request with the scope openid.',
  async check({ flow, expect, remark }) {
    const own = await clientWithRedirectUris(flow, (uri) => [uri, `${uri}/second`]);
    const client = own ?? (await flow.client());
    await flow.code({ client, note: 'the control request' });
    for (const [redirect_uri, what] of [
      [null, 'a request without redirect_uri'],
      ['', 'a request with an empty redirect_uri'],
    ] as const) {
      const answer = await flow.authorize({ client, redirect_uri, note: what });
      if (client.redirect_uris.length > 1) expect.noCredential(answer, what);
      else remark(`The client has a single redirect URI; ${what} ended at ${describeOutcome(answer)}.`);
    }
  },
});

export const errorNoOpenRedirect = requirement({
  id: 'authz-error-no-open-redirect',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), rfc(9700, '4.11.2')],
  needs: ['client'],
  statement:
    "An unregistered redirect_uri together with another error doesn't make the server an open redirector.",
  how:
    `The registered URI gets an answer. Then sends ${FOREIGN} together with prompt=none, with an unknown ` +
    'scope, with response_type=token, and with no response_type. Expects no answer there. ' +
    `${WHAT_IS_AN_ANSWER}` +
    ' The same with an unknown code_challenge_method or response_mode, no code_challenge, prompt="none login", max_age=abc, a request object, a request_uri and a repeated state.',
  hint: 'Check client_id and redirect_uri before everything else.',
  async check(context) {
    const client = await context.flow.client();
    const errors: readonly (readonly [string, AuthorizationOptions])[] = [
      ['prompt=none', { params: { prompt: 'none' } }],
      ['an unknown scope', { scope: 'no.such' }],
      ['response_type=token', { params: { response_type: 'token' } }],
      ['no response_type', { params: { response_type: null } }],
      ['an unknown code_challenge_method', { params: { code_challenge_method: 'none_such' } }],
      ['no code_challenge', { pkce: null }],
      ['an unknown response_mode', { params: { response_mode: 'no_such_mode' } }],
      ['prompt="none login"', { params: { prompt: 'none login' } }],
      ['max_age=abc', { params: { max_age: 'abc' } }],
      ['a malformed request object', { params: { request: 'no.such.jwt' } }],
      ['a request_uri', { params: { request_uri: 'https://evil.example/ro' } }],
      ['a repeated state', { params: { state: ['one', 'two'] } }],
    ];
    await expectNeverAnswered(
      context,
      client,
      errors.map(([error, options]) => ({
        what: `a request with an unregistered redirect_uri and ${error}`,
        options: { ...options, redirect_uri: FOREIGN },
      })),
    );
  },
});
