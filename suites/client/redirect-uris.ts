/** Which redirect URIs a client may register, whatever the scheme of the host is. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { returnedRedirectUris } from '../steps/registration.js';
import { redirectUriTrials } from './redirect-uri-trials.js';
import { expectRegistrationsRefused } from './refused-registrations.js';

const RELYING_PARTY = 'https://app.example.com';

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

export const redirectRequired = requirement({
  id: 'client-redirect-required',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '5'), rfc(7591, '2')],
  needs: ['registration'],
  statement: "A client of the code grant can't register without a redirect URI.",
  how:
    'Registers a client of the grant authorization_code, then the same with no redirect_uris and with an ' +
    'empty list. Expects a status from 400 to 499 and no client, or a client without that grant. Then the ' +
    'first registers again.',
  hint: 'Require at least one redirect URI of every client that gets codes.',
  async check(context) {
    const { flow } = context;
    const grant = { grant_types: ['authorization_code'], response_types: ['code'] };
    await expectRegistrationsRefused(context, {
      subject: 'A client of the code grant without a redirect URI',
      control: flow.registrationBody(grant),
      trials: [
        { label: 'no redirect_uris', redirect_uris: null },
        { label: 'an empty list of redirect_uris', redirect_uris: [] },
      ].map(({ label, redirect_uris }) => ({
        label,
        body: flow.registrationBody({ ...grant, redirect_uris }),
        harmless: (response) => {
          const { grant_types } = response.object();
          return Array.isArray(grant_types) && !grant_types.includes('authorization_code');
        },
      })),
    });
  },
});

export const redirectSpace = requirement({
  id: 'client-redirect-space',
  level: 'MUST',
  levelReason:
    'No keyword: a string that becomes two URIs registers something nobody checked, and codes can be sent ' +
    'there.',
  profile: 'oauth',
  clauses: [rfc(7591, '2'), rfc(6749, '3.1.2')],
  needs: ['registration'],
  statement: "One redirect URI with a space in it doesn't become two.",
  how:
    'Registers an https redirect URI, then two https URIs in one string, with a space between them and ' +
    'with a comma. Expects a status from 400 to 499 and no client, or a client that has neither of the ' +
    'two. Then the first registers again.',
  hint: 'Store redirect URIs as a list, not as text that you split at spaces or commas.',
  async check(context) {
    const { flow } = context;
    const uris = [`${RELYING_PARTY}/one`, `${RELYING_PARTY}/two`];
    await expectRegistrationsRefused(context, {
      subject: 'A string of two redirect URIs',
      control: flow.registrationBody(),
      trials: [' ', ','].map((separator) => ({
        label: separator === ' ' ? 'with a space' : 'with a comma',
        body: flow.registrationBody({ redirect_uris: [uris.join(separator)] }),
        harmless: (response) => returnedRedirectUris(response)?.every((uri) => !uris.includes(uri)) ?? false,
      })),
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
