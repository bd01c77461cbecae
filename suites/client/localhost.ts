/** Polar's rule for the web: https, unless the hostname is localhost. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hasClient, registerControl, returnedRedirectUris, sendRegistration } from '../steps/registration.js';
import { redirectUriTrials } from './redirect-uri-trials.js';
import { expectRegistrationsRefused, type RefusalRule } from './refused-registrations.js';

const CLAUSE = polarDocs('Create an OAuth2 client');
/** Letters that look like those of localhost: the first is another letter, the second is made l by normalization. */
const CYRILLIC_O = '\u043E';
const FULL_WIDTH_L = '\uFF4C';

export const redirectHttps = requirement({
  id: 'client-redirect-https',
  level: 'MUST',
  profile: 'polar',
  clauses: [CLAUSE, rfc(7591, '5')],
  needs: ['registration'],
  statement: 'An http redirect URI on any host but localhost is refused.',
  how:
    'A client with https://app.example.com/callback is registered, then the same with http, and http URIs on the hosts app.local and intranet. Expected: a status from ' +
    '400 to 499 and no client, or 201 with no http URI on another host than localhost in the returned ' +
    'redirect_uris, since a server may replace values. Afterward the https URI registers again.',
  hint: 'Allow the scheme http only when the parsed hostname is exactly localhost.',
  async check(context) {
    const uris = ['http://app.example.com/callback', 'http://app.local/callback', 'http://intranet/callback'];
    await expectRegistrationsRefused(context, {
      ...redirectUriTrials(context.flow, uris, isSecure),
      subject: 'An http redirect URI on a public host',
    });
  },
});

export const redirectLocalhost = requirement({
  id: 'client-redirect-localhost',
  level: 'MUST',
  profile: 'polar',
  clauses: [CLAUSE],
  needs: ['registration'],
  statement: 'An http redirect URI whose hostname is localhost is accepted, with and without port.',
  how:
    'A client with an https redirect URI is registered, then one with http://localhost/callback and one with ' +
    'http://localhost:3000/callback. Expected of each: a client with exactly this redirect URI; they have a path, so ' +
    'that no usual normalization changes them.',
  hint: 'Look at the exemption for localhost: it is about the hostname, and the port is not part of that.',
  async check({ flow, expect }) {
    await registerControl(flow, flow.registrationBody());
    for (const uri of ['http://localhost/callback', 'http://localhost:3000/callback']) {
      const response = await sendRegistration(flow, flow.registrationBody({ redirect_uris: [uri] }), uri);
      expect.that(hasClient(response), `The redirect URI ${uri} was refused.`, {
        expected: 'status 201 and a client',
        received: describeExchange(response),
      });
      const returned = returnedRedirectUris(response);
      expect.that(
        returned?.includes(uri) === true,
        `The redirect URI ${uri} was not registered as it was sent.`,
        { expected: uri, received: JSON.stringify(returned) },
      );
    }
  },
});

export const redirectLocalhostLookalike = requirement({
  id: 'client-redirect-localhost-lookalike',
  level: 'MUST',
  profile: 'polar',
  clauses: [CLAUSE],
  needs: ['registration'],
  statement: 'A hostname that merely contains or begins with the word localhost does not get the exemption.',
  how:
    'A client with http://localhost/cb is registered; then, one by one, with the hosts localhost.evil.example, ' +
    'evil-localhost.example, localhost.evil.example. (with a dot at its end), notlocalhost and ' +
    '127.0.0.1.evil.example. Expected of each: a status from 400 to 499 and no client, or 201 with no http URI on ' +
    'another host than localhost in the returned redirect_uris. Names under .localhost are not tried, since RFC 6761 ' +
    'makes them loopback. Afterward http://localhost/cb registers again.',
  hint: 'Compare the whole hostname with localhost, not how it begins or what it contains.',
  async check(context) {
    const uris = [
      'http://localhost.evil.example/cb',
      'http://evil-localhost.example/cb',
      'http://localhost.evil.example./cb',
      'http://notlocalhost/cb',
      'http://127.0.0.1.evil.example/cb',
    ];
    await expectRegistrationsRefused(context, {
      ...besideLocalhost(context.flow, uris),
      subject: 'An http redirect URI on a host that only looks like localhost',
    });
  },
});

export const redirectUserinfo = requirement({
  id: 'client-redirect-userinfo',
  level: 'MUST',
  profile: 'polar',
  clauses: [CLAUSE, rfc(7591, '5')],
  needs: ['registration'],
  statement: 'localhost in the userinfo, port or path of a URI does not make its host localhost.',
  how:
    'A client with http://localhost/cb is registered; then, one by one, with http://localhost@evil.example/cb, ' +
    'http://localhost:80@evil.example/cb, http://evil.example/localhost, http://evil.example?localhost, and ' +
    'http://localhost\\@evil.example/cb, which parsers read differently. Expected of each: a status from 400 to 499 ' +
    'and no client, or 201 with no backslash and no http URI on another host than localhost in the returned ' +
    'redirect_uris. Afterward http://localhost/cb registers again.',
  hint: 'Parse the URI, refuse userinfo and backslashes, and compare the parsed hostname.',
  async check(context) {
    const uris = [
      'http://localhost@evil.example/cb',
      'http://localhost:80@evil.example/cb',
      'http://evil.example/localhost',
      'http://evil.example?localhost',
      'http://localhost\\@evil.example/cb',
    ];
    await expectRegistrationsRefused(context, {
      ...besideLocalhost(context.flow, uris),
      subject: 'An http redirect URI that names localhost, but not as its host,',
    });
  },
});

export const redirectLoopbackIp = requirement({
  id: 'client-redirect-loopback-ip',
  // The documentation exempts only the name; RFC 8252 section 7.3 likes loopback addresses, for native applications.
  level: 'SHOULD',
  profile: 'polar',
  clauses: [CLAUSE],
  needs: ['registration'],
  statement: 'Only the name localhost is exempt from https: loopback IP literals over http are refused.',
  how:
    'A client with http://localhost:3000/cb is registered; then, one by one, with http://127.0.0.1:3000/cb, ' +
    'http://[::1]:3000/cb and the private address http://10.0.0.5:3000/cb. Expected of each: a status from 400 to ' +
    '499 and no client. Afterward http://localhost:3000/cb registers again.',
  hint: 'Decide whether addresses of the own machine are meant to be exempt, and say so in the documentation.',
  async check(context) {
    const uris = ['http://127.0.0.1:3000/cb', 'http://[::1]:3000/cb', 'http://10.0.0.5:3000/cb'];
    await expectRegistrationsRefused(context, {
      ...besideLocalhost(context.flow, uris, 'http://localhost:3000/cb'),
      subject: 'An http redirect URI with an address as its host',
    });
  },
});

export const redirectHostForms = requirement({
  id: 'client-redirect-host-forms',
  level: 'MUST',
  profile: 'polar',
  clauses: [CLAUSE],
  needs: ['registration'],
  statement: 'Other spellings of a host neither pass for localhost nor escape the https rule.',
  how:
    'A client with http://localhost/cb is registered; then, one by one, with HTTP://APP.EXAMPLE.COM/cb, with a Cyrillic ' +
    'letter in localhost, and with a full-width one. Expected of the first two: a status from 400 to 499 and no client; ' +
    'of the last the same, or 201 with the host stored as localhost, to the letter. http://LOCALHOST/cb and ' +
    'http://localhost./cb are not tried, since either answer is right. Afterward http://localhost/cb registers again.',
  hint: 'Parse and normalize the URI before its scheme and host are compared.',
  async check(context) {
    const uris = [
      'HTTP://APP.EXAMPLE.COM/cb',
      `http://l${CYRILLIC_O}calhost/cb`,
      `http://${FULL_WIDTH_L}ocalhost/cb`,
    ];
    await expectRegistrationsRefused(context, {
      ...besideLocalhost(context.flow, uris, undefined, (stored) =>
        /^(https:|http:\/\/localhost[:/])/.test(stored),
      ),
      subject: 'An http redirect URI whose host is spelled in another way',
    });
  },
});

function besideLocalhost(
  flow: Flow,
  uris: readonly string[],
  twin = 'http://localhost/cb',
  harmless = isSecure,
): Pick<RefusalRule, 'control' | 'controlOwner' | 'trials'> {
  return { ...redirectUriTrials(flow, uris, harmless, twin), controlOwner: 'localhostRegistration' };
}

/** No http on another host than localhost, however a parser reads it. */
function isSecure(uri: string): boolean {
  if (uri.includes('\\') || !URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol !== 'http:' || hostname === 'localhost';
}
