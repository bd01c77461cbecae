/** Where an answer may go: never to an address that the client has not registered. */
import { credentialIn } from '../../fixtures/flow/answer.js';
import type { Answer, AuthorizationOptions } from '../../fixtures/flow/types.js';
import { capital, whereItEnded } from '../../fixtures/judgement/describe.js';
import { requirement } from '../requirement.js';
import { oidcCore, polarDocs, rfc } from '../sources.js';
import { clientWith, uriOfAnotherClient } from './clients.js';
import { neverAnswered, WHAT_IS_AN_ANSWER } from './redirect-rule.js';

/** On a reserved host, so that no client has registered it. */
const FOREIGN = 'https://evil.example/cb';

export const clientUnknown = requirement({
  id: 'authz-client-unknown',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2.1')],
  needs: ['client'],
  statement: 'A missing or unknown client_id never causes a redirect to the URI of the request.',
  how:
    'The registered client is answered at its URI. Then a random client_id, and none, with that same redirect_uri: never ' +
    `answered there. ${WHAT_IS_AN_ANSWER} What the server shows instead is open.`,
  next: 'Look up the client first, and show an error page when there is none.',
  async check(context) {
    const { flow, expect, alter } = context;
    const client = await flow.client();
    const nowhere = (answer: Answer, what: string) =>
      expect.that(answer.kind !== 'redirected', `${capital(what)} was answered at the redirect URI.`, {
        expected: 'nothing sent to the redirect_uri of the request',
        received: whereItEnded(answer),
      });
    await neverAnswered(
      context,
      client,
      [
        {
          what: 'a request with an unknown client_id',
          options: { params: { client_id: alter(client.client_id, 'random') } },
        },
        { what: 'a request without client_id', options: { params: { client_id: null } } },
      ],
      nowhere,
    );
  },
});

export const redirectUnregistered = requirement({
  id: 'authz-redirect-unregistered',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '3.1.2.4'), rfc(6749, '4.1.2.1'), polarDocs('Start the authorization flow')],
  needs: ['client'],
  statement: 'An unregistered redirect_uri is never redirected to.',
  how:
    `The client’s own URI is answered; ${FOREIGN} never is, neither with a code nor with an error, nor is the URI that ` +
    `another client registered. ${WHAT_IS_AN_ANSWER}`,
  next: 'Compare redirect_uri with the registered ones before anything else, and show an error page when it is none of them.',
  async check(context) {
    const client = await context.flow.client();
    const foreign = await uriOfAnotherClient(context.flow, client);
    const attempts = [
      { what: 'a request with an unregistered redirect_uri', options: { redirect_uri: FOREIGN } },
    ];
    if (foreign !== null) {
      const what = 'a request with the redirect_uri of another client';
      attempts.push({ what, options: { redirect_uri: foreign } });
    }
    await neverAnswered(context, client, attempts);
  },
});

export const redirectMissing = requirement({
  id: 'authz-redirect-missing',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.1'), oidcCore('3.1.2.2')],
  needs: ['person', 'client'],
  statement: 'An OpenID request without redirect_uri does not yield a code.',
  how:
    'A client with two registered URIs gets a code when it sends one of them. The same request with scope=openid and ' +
    'without redirect_uri ends on an error page or with an error; no code arrives. With closed registration the client has ' +
    'one URI, and a code is noted only, since providers in wide use fill in what cannot be confused.',
  next: 'Demand redirect_uri of every request with the scope openid.',
  async check({ flow, expect, remark }) {
    const own = await clientWith(flow, (uri) => [uri, `${uri}/second`]);
    const client = own ?? (await flow.client());
    await flow.code({ client, note: 'the valid twin' });
    const answer = await flow.authorize({ client, redirect_uri: null, note: 'without redirect_uri' });
    if (client.redirect_uris.length < 2) {
      remark(
        `The client has a single redirect URI; without redirect_uri the request ended at ${whereItEnded(answer)}.`,
      );
      return;
    }
    const credential = credentialIn(answer);
    expect.that(credential === null, `A request without redirect_uri was answered with ${credential}.`, {
      expected: 'an error, and no code',
      received: whereItEnded(answer),
    });
  },
});

export const noOpenRedirect = requirement({
  id: 'authz-error-no-open-redirect',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2.1'), rfc(9700, '4.11.2')],
  needs: ['client'],
  statement:
    'Combining an unregistered redirect_uri with any other error does not turn the server into an open redirector.',
  how:
    `The registered URI is answered. Then ${FOREIGN} together with prompt=none, an unknown scope, response_type=token, ` +
    `and no response_type: never answered there. ${WHAT_IS_AN_ANSWER}`,
  next: 'Check client and redirect_uri before everything else; what fails before may not be sent anywhere.',
  async check(context) {
    const client = await context.flow.client();
    const errors: readonly (readonly [string, AuthorizationOptions])[] = [
      ['prompt=none', { params: { prompt: 'none' } }],
      ['an unknown scope', { scope: 'no.such' }],
      ['response_type=token', { params: { response_type: 'token' } }],
      ['no response_type', { params: { response_type: null } }],
    ];
    await neverAnswered(
      context,
      client,
      errors.map(([error, options]) => ({
        what: `a request with an unregistered redirect_uri and ${error}`,
        options: { ...options, redirect_uri: FOREIGN },
      })),
    );
  },
});
