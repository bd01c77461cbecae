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
  statement: 'The server refuses an http redirect URI on any host but localhost.',
  how:
    'Registers https://app.example.com/callback, then the same URI with http. Expects a status from 400 to ' +
    '499 and no client, or a client whose returned redirect_uris have no such http URI, since a server may ' +
    'replace values. Then the https URI registers again.' +
    ' The same for the hosts app.local and intranet, and for a public client.',
  hint: 'Allow http only if the parsed hostname is exactly localhost.',
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
  statement: 'The server accepts an http redirect URI on localhost, with and without a port.',
  how:
    'Registers an https redirect URI, then http://localhost/callback and http://localhost:3000/callback. ' +
    'Expects a client with exactly that redirect URI each time.',
  hint: 'Exempt the hostname localhost from https, whatever its port is.',
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
  statement: "A hostname that only contains or starts with localhost isn't exempt from https.",
  how:
    'Registers http://localhost/cb, then, one by one, the hosts localhost.evil.example, ' +
    'evil-localhost.example, localhost.evil.example. (with a dot at the end), notlocalhost and ' +
    '127.0.0.1.evil.example. Expects a status from 400 to 499 and no client, or no such http URI in the ' +
    "returned redirect_uris. Doesn't try names under .localhost, which RFC 6761 makes loopback. Then " +
    'http://localhost/cb registers again.',
  hint: 'Compare the whole hostname with localhost, not how it starts or what it contains.',
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
  statement: "localhost in the userinfo, port or path of a URI doesn't exempt it from https.",
  how:
    'Registers http://localhost/cb, then, one by one, http://localhost@evil.example/cb, ' +
    'http://localhost:80@evil.example/cb, http://evil.example/localhost, http://evil.example?localhost and ' +
    'http://localhost\\@evil.example/cb, which parsers read differently. Expects a status from 400 to 499 ' +
    'and no client, or no such URI in the returned redirect_uris. Then http://localhost/cb registers ' +
    'again.',
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
  level: 'SHOULD',
  levelReason:
    'The documentation exempts only the name localhost. RFC 8252 section 7.3 prefers loopback addresses, ' +
    'for native apps.',
  profile: 'polar',
  clauses: [CLAUSE],
  needs: ['registration'],
  statement: 'The server refuses loopback IP addresses over http: only the name localhost is exempt.',
  how:
    'Registers http://localhost:3000/cb, then, one by one, http://127.0.0.1:3000/cb, http://[::1]:3000/cb ' +
    'and the private address http://10.0.0.5:3000/cb. Expects a status from 400 to 499 and no client. Then ' +
    'http://localhost:3000/cb registers again.',
  hint: 'Decide whether loopback addresses are meant to be exempt, and say so in the documentation.',
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
  statement: 'No other spelling of a host passes for localhost or gets around https.',
  how:
    'Registers http://localhost/cb, then, one by one, HTTP://APP.EXAMPLE.COM/cb, localhost with a Cyrillic ' +
    'letter, and localhost with a full-width letter. Expects a status from 400 to 499 and no client; the ' +
    "last may also be stored as exactly localhost. Doesn't try http://LOCALHOST/cb and " +
    'http://localhost./cb, because either answer is right. Then http://localhost/cb registers again.',
  hint: 'Parse and normalize the URI before you compare its scheme and host.',
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
  controlUri = 'http://localhost/cb',
  harmless = isSecure,
): Pick<RefusalRule, 'control' | 'controlOwner' | 'trials'> {
  return { ...redirectUriTrials(flow, uris, harmless, controlUri), controlOwner: 'localhostRegistration' };
}

/** No http on a host other than localhost, however a parser reads it. */
function isSecure(uri: string): boolean {
  if (uri.includes('\\') || !URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return protocol !== 'http:' || hostname === 'localhost';
}
