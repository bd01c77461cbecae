/** Which redirect URIs a client may register, whatever the scheme of the host is. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { redirectUriTrials } from './redirect-uri-trials.js';
import { expectRegistrationsRefused } from './refused-registrations.js';

/** Schemes that a browser executes, or renders from the machine that it runs on. */
const SCRIPT_SCHEMES: readonly string[] = ['javascript:', 'data:', 'vbscript:', 'file:'];

export const redirectFragment = requirement({
  id: 'client-redirect-fragment',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1.2'), rfc(7591, '3.2.2')],
  needs: ['registration'],
  statement: "The server doesn't register a redirect URI with a fragment.",
  how:
    'Registers an https redirect URI, then, one by one, the same URI with #part, one on localhost and one ' +
    "of an app's own scheme with it, and the first with a bare # at the end. Expects a status from 400 to " +
    '499 and no client, or no # in the returned redirect_uris, since a server may replace values. Then the URI with no fragment registers again.',
  hint: 'Refuse a redirect URI with a # in it, even if nothing follows: some parsers drop an empty fragment.',
  async check(context) {
    const { flow } = context;
    const uris = ['https://app.example.com/callback', 'http://localhost:8123/cb', 'com.example.app:/cb']
      .map((uri) => `${uri}#part`)
      .concat('https://app.example.com/callback#');
    await expectRegistrationsRefused(context, {
      ...redirectUriTrials(flow, uris, (stored) => !stored.includes('#')),
      subject: 'A redirect URI with a fragment',
    });
  },
});

export const redirectAbsolute = requirement({
  id: 'client-redirect-absolute',
  level: 'MUST',
  levelReason: 'RFC 3986 alone would call https:// absolute. RFC 9110 rejects it because it has no host.',
  profile: 'oauth',
  clauses: [rfc(6749, '3.1.2'), rfc(9110, '4.2.2')],
  needs: ['registration'],
  statement: "The server refuses a redirect URI that isn't absolute.",
  how:
    'Registers an https redirect URI, then, one by one, /callback, //evil.example/cb, app.example.com/cb, ' +
    'an empty string, and https:// with no host. Expects a status from 400 to 499 and no client, or only ' +
    'absolute URIs in the returned redirect_uris. Then the https URI registers again.',
  hint: 'Require a scheme, and a host for https, before you store a redirect URI.',
  async check(context) {
    const { flow } = context;
    const uris = ['/callback', '//evil.example/cb', 'app.example.com/cb', '', 'https://'];
    await expectRegistrationsRefused(context, {
      ...redirectUriTrials(flow, uris, isAbsolute),
      subject: 'A redirect URI that is not absolute',
    });
  },
});

export const redirectScriptScheme = requirement({
  id: 'client-redirect-script-scheme',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '5')],
  needs: ['registration'],
  statement:
    'The server refuses redirect URIs with a scheme that a browser runs, or opens from the local machine.',
  how:
    'Registers an https redirect URI, then, one by one, javascript:alert(1), the same in mixed case, after ' +
    'a space and with a tab in it (browsers ignore both), javascript://app.example.com/%0aalert(1), ' +
    'data:text/html,x, vbscript:x and file:///etc/hosts. Expects a status from 400 to 499 and no client, ' +
    "or none of these schemes in the returned redirect_uris. Doesn't try the schemes of apps. Then the " +
    'https URI registers again.',
  hint: 'Allow https, http on the local machine, and the schemes of apps, and compare schemes in lower case.',
  async check(context) {
    const { flow } = context;
    const uris = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java\tscript:alert(1)',
      'javascript://app.example.com/%0aalert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/hosts',
    ];
    await expectRegistrationsRefused(context, {
      ...redirectUriTrials(flow, uris, (stored) => !SCRIPT_SCHEMES.includes(readScheme(stored))),
      subject: 'A redirect URI that a browser would execute or open locally',
    });
  },
});

/** A scheme, and for the web a host. */
function isAbsolute(uri: string): boolean {
  const scheme = readScheme(uri);
  if (scheme === '') return false;
  return !/^https?:$/.test(scheme) || (URL.canParse(uri) && /^https?:\/\/[^/?#]/i.test(uri));
}

/** @returns the scheme in lower case with its colon, or '' */
function readScheme(uri: string): string {
  return /^\s*([a-z][a-z0-9+.-]*:)/i.exec(uri)?.[1]?.toLowerCase() ?? '';
}
