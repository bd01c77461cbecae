/** Where an answer may go: to the registered redirect URI, compared as a string, and nowhere else. */
import type { AuthorizationOptions, Client, Flow } from '../../fixtures/flow/types.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { oidcCore, polarDocs, rfc } from '../sources.js';
import { credentialOf, inWords } from './answers.js';
import { answeringMode, inMode, neverAnswered } from './redirect-rule.js';

/** A reserved name that no client has registered. */
const FOREIGN = 'https://evil.example/cb';
const WHAT_IS_AN_ANSWER =
  'An answer is any request of the browser for the host of that URI, by 3xx, script, form or meta refresh. Each is sent ' +
  'with prompt=none without a session, so that no login page stands between; where the control is not answered so, ' +
  'everything is sent signed in and carried through consent.';

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
  async check({ flow, expect, alter, remark }) {
    const client = await flow.client();
    const mode = await answeringMode(flow, client);
    for (const [what, client_id] of [
      ['A request of an unknown client', alter(client.client_id, 'random')],
      ['A request without client_id', null],
    ] as const) {
      const answer = await flow.authorize(inMode(mode, { client, params: { client_id }, note: what }));
      expect.that(answer.kind !== 'redirected', `${what} was answered at the redirect URI.`, {
        expected: 'nothing sent to the redirect_uri of the request',
        received: inWords(answer),
      });
      if (answer.kind === 'stayed' && answer.page.status >= 500) {
        remark(`${what} caused a server error (status ${answer.page.status}).`);
      }
    }
  },
});

export const redirectUnregistered = requirement({
  id: 'authz-redirect-unregistered',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '3.1.2.4'), rfc(6749, '4.1.2.1'), polarDocs('Start the authorization flow')],
  needs: ['client'],
  statement: 'An unregistered redirect_uri is never redirected to.',
  how: `The client’s own URI is answered; ${FOREIGN} never is, neither with a code nor with an error, nor is the URI that another client registered. ${WHAT_IS_AN_ANSWER}`,
  next: 'Compare redirect_uri with the registered ones before anything else, and show an error page when it is none of them.',
  async check(context) {
    const client = await context.flow.client();
    const foreign = await uriOfAnotherClient(context.flow);
    await neverAnswered(context, client, [
      { what: 'a request with an unregistered redirect_uri', options: { redirect_uri: FOREIGN } },
      ...(foreign === null || client.redirect_uris.includes(foreign)
        ? []
        : [
            { what: 'a request with the redirect_uri of another client', options: { redirect_uri: foreign } },
          ]),
    ]);
  },
});

async function uriOfAnotherClient(flow: Flow): Promise<string | null> {
  const uris = flow.clientBody().redirect_uris;
  const first: unknown = Array.isArray(uris) ? uris[0] : undefined;
  try {
    return (await flow.ownClient({ redirect_uris: [`${String(first)}/of-another-client`] })).redirect_uri;
  } catch (signal) {
    if (!(signal instanceof NotTested) && !(signal instanceof Blocked)) throw signal;
    return null;
  }
}

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
    const { client, several } = await clientOf(flow, (uri) => [uri, `${uri}/second`]);
    await flow.code({ client, note: 'the valid twin' });
    const answer = await flow.authorize({ client, redirect_uri: null, note: 'without redirect_uri' });
    if (!several) {
      remark(
        `The client has a single redirect URI; without redirect_uri the request ended at ${inWords(answer)}.`,
      );
      return;
    }
    expect.that(credentialOf(answer) === null, 'A request without redirect_uri was answered with a code.', {
      expected: 'an error, and no code',
      received: inWords(answer),
    });
  },
});

export const redirectExactPath = requirement({
  id: 'authz-redirect-exact-path',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'The path of redirect_uri is compared exactly.',
  how:
    'The registered URI is answered. Then, in its place: with a slash at the end, with a further segment, without the last ' +
    'character, in capitals, with /../evil, with a percent-encoded letter and with an encoded traversal. None is answered ' +
    `at another place than the registered one, and no code arrives. ${WHAT_IS_AN_ANSWER}`,
  next: 'Compare the strings as they are, without normalising and without prefixes.',
  async check(context) {
    const client = await context.flow.client();
    const { pathname } = new URL(client.redirect_uri);
    const paths = [
      `${pathname}/`,
      `${pathname}/extra`,
      pathname.slice(0, -1),
      pathname.toUpperCase(),
      `${pathname}/../evil`,
      `/${encoded(pathname.charAt(1))}${pathname.slice(2)}`,
      `${pathname}%2f..%2fevil`,
    ].filter((path) => path !== pathname && path !== '');
    await neverAnswered(
      context,
      client,
      paths.map((path) => ({
        what: `a request with the path ${path} instead of ${pathname}`,
        options: { redirect_uri: client.redirect_uri.replace(pathname, path) },
      })),
    );
  },
});

const encoded = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;

export const redirectExactQuery = requirement({
  id: 'authz-redirect-exact-query',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'Query parameters added to or changed in a registered redirect URI break the match.',
  how:
    'Registered are a URI without query and, where the server takes it, one with ?a=1; both are answered. Then the first ' +
    'with ?x=1 added, and the second without query, with ?a=2 and with &b=2 added: none is answered. With a configured ' +
    `client only the addition is tried. An answer that carries our x=1 counts. ${WHAT_IS_AN_ANSWER}`,
  next: 'Compare the whole string, the query included.',
  async check(context) {
    const { flow } = context;
    const { client, several } = await clientOf(flow, (uri) => [uri, `${uri}/query?a=1`]);
    const [plain = client.redirect_uri, queried = ''] = client.redirect_uris;
    const separator = plain.includes('?') ? '&' : '?';
    const base = queried.split('?')[0] ?? '';
    const uris = [`${plain}${separator}x=1`, ...(several ? [base, `${base}?a=2`, `${queried}&b=2`] : [])];
    await neverAnswered(
      context,
      client,
      uris.map((redirect_uri) => ({
        what: `a request with ${redirect_uri}, which is not registered`,
        options: { redirect_uri },
      })),
    );
    if (several) await answeredToo(flow, client, queried);
  },
});

async function answeredToo(flow: Flow, client: Client, redirect_uri: string): Promise<void> {
  const mode = await answeringMode(flow, client);
  const options: AuthorizationOptions = { client, redirect_uri, note: 'the registered URI with its query' };
  const answer = await flow.authorize(inMode(mode, options));
  if (answer.kind === 'stayed') {
    throw new NotTested(
      'The registered redirect URI with a query is not answered, so nothing is shown by the others.',
    );
  }
}

export const redirectExactOrigin = requirement({
  id: 'authz-redirect-exact-origin',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(9700, '2.1'), oidcCore('3.1.2.1')],
  needs: ['client'],
  statement: 'Scheme, host and port of redirect_uri are compared exactly.',
  how:
    'The registered URI is answered. Then, in its place: with http for https, a subdomain, the host as the beginning of ' +
    'another, the port 8443, and the host as user name of another: none is answered. Ports of loopback hosts are not varied, ' +
    `since RFC 8252 lets a server ignore them. ${WHAT_IS_AN_ANSWER}`,
  next: 'Compare the strings as they are; a host that merely contains the registered one is another host.',
  async check(context) {
    const client = await context.flow.client();
    const url = new URL(client.redirect_uri);
    const rest = `${url.pathname}${url.search}`;
    const loopback = /^(localhost|127\.|\[::1\])/.test(url.hostname);
    const uris = [
      ...(url.protocol === 'https:' ? [`http://${url.host}${rest}`] : []),
      `${url.protocol}//sub.${url.host}${rest}`,
      `${url.protocol}//${url.hostname}.evil.example${rest}`,
      ...(loopback ? [] : [`${url.protocol}//${url.hostname}:8443${rest}`]),
      `${url.protocol}//${url.hostname}@evil.example${rest}`,
    ];
    await neverAnswered(
      context,
      client,
      uris.map((redirect_uri) => ({
        what: `a request with ${redirect_uri} instead of ${client.redirect_uri}`,
        options: { redirect_uri },
      })),
    );
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
    `prompt=none with the registered URI is answered there. Then ${FOREIGN} together with prompt=none, an unknown scope, ` +
    `response_type=token, and no response_type: never answered there. ${WHAT_IS_AN_ANSWER}`,
  next: 'Check client and redirect_uri before everything else; what fails before may not be sent anywhere.',
  async check(context) {
    const client = await context.flow.client();
    const attempts: readonly (readonly [string, AuthorizationOptions])[] = [
      ['prompt=none', { params: { prompt: 'none' } }],
      ['an unknown scope', { scope: 'no.such' }],
      ['response_type=token', { params: { response_type: 'token' } }],
      ['no response_type', { params: { response_type: null } }],
    ];
    await neverAnswered(
      context,
      client,
      attempts.map(([error, options]) => ({
        what: `a request with an unregistered redirect_uri and ${error}`,
        options: { ...options, redirect_uri: FOREIGN },
      })),
    );
  },
});

/** A client of the check's own with several redirect URIs, or the standing one where that cannot be had. */
async function clientOf(
  flow: Flow,
  urisOf: (uri: string) => readonly string[],
): Promise<{ readonly client: Client; readonly several: boolean }> {
  const uris = flow.clientBody().redirect_uris;
  const first: unknown = Array.isArray(uris) ? uris[0] : undefined;
  try {
    const client = await flow.ownClient({ redirect_uris: urisOf(String(first)) });
    return { client, several: client.redirect_uris.length > 1 };
  } catch (signal) {
    // Closed registration, or a server that does not take such URIs: then with what there is.
    if (!(signal instanceof NotTested) && !(signal instanceof Blocked)) throw signal;
    return { client: await flow.client(), several: false };
  }
}
