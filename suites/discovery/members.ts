/** Members of the document, each on its own. */

import { quote } from '../../fixtures/expect/describe.js';
import { isObject } from '../../fixtures/parse-json.js';
import type { Target } from '../../fixtures/target/settings.js';
import { Blocked, Failed, NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, oidcDiscovery, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isPlainLoopback, readDocument } from './document.js';

const REQUIRED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const WITHOUT_FRAGMENT: readonly string[] = ['authorization_endpoint', 'token_endpoint'];

type Members = Readonly<Record<string, unknown>>;

export const endpointsHttps = requirement({
  id: 'discovery-endpoints-https',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), rfc(6749, '3.1'), rfc(6749, '3.2'), rfc(7009, '2'), rfc(7662, '2')],
  needs: [],
  statement:
    'Every endpoint in the document is an absolute https URL. The authorization and token endpoints have ' +
    'no fragment.',
  how:
    'Looks at jwks_uri and at every member that ends in _endpoint, including those in ' +
    'mtls_endpoint_aliases. Expects an absolute https URL; where the document itself comes over http from ' +
    'loopback, http on loopback will do. authorization_endpoint and token_endpoint have no fragment.',
  hint: 'Publish the endpoint as an absolute https URL with no fragment.',
  async check({ flow, target, expect, remark }) {
    const body = await readDocument(flow, target);
    const isPlain = isPlainLoopback(new URL(target.discoveryUrl));
    const unencrypted: string[] = [];
    for (const [name, value] of listEndpoints(body)) {
      const url = absoluteUrl(value);
      const isLocal = isPlain && url !== null && isPlainLoopback(url);
      if (isLocal) unencrypted.push(name);
      expect.that(url?.protocol === 'https:' || isLocal, `${name} is not an absolute https URL.`, {
        expected: `an absolute https URL${isPlain ? ', or http on loopback' : ''}`,
        received: value,
      });
      const hasFragment = WITHOUT_FRAGMENT.includes(name) && value.includes('#');
      const expected = 'a URL without fragment';
      expect.that(!hasFragment, `${name} has a fragment component.`, { expected, received: value });
    }
    if (unencrypted.length > 0)
      remark(`Over http on loopback, so https was not judged: ${unencrypted.join(', ')}.`);
    const lacking = REQUIRED.find((name) => typeof body[name] !== 'string');
    if (lacking !== undefined)
      throw new Blocked('discoveryMembers', `The document has no ${lacking} that is a string.`);
  },
});

/** Every member that names a place of the server, those of extensions too: end_session_endpoint, say. */
function listEndpoints(body: Members): readonly (readonly [name: string, value: string])[] {
  const { mtls_endpoint_aliases: aliases } = body;
  const nested = isObject(aliases) ? Object.entries(aliases) : [];
  return [...Object.entries(body), ...nested].flatMap(([name, value]) =>
    typeof value === 'string' && (name.endsWith('_endpoint') || name === 'jwks_uri') ? [[name, value]] : [],
  );
}

/** A URL as RFC 3986 writes it: a browser's parser would also take `https:host` and surrounding space. */
function absoluteUrl(value: string): URL | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+\S*$/i.test(value) && URL.canParse(value) ? new URL(value) : null;
}

/** A member that is an array. Its type is judged by discovery-required-members; in OAuth 2.0 alone, here. */
function readList({ profile }: Target, body: Members, member: string): readonly unknown[] {
  const value = body[member];
  if (Array.isArray(value)) return value;
  const message = `The document has no ${member} that is a list.`;
  if (profile !== 'oauth') throw new Blocked('discoveryMembers', message);
  throw new Failed(message, { expected: 'a list', received: quote(value) });
}

/** The same for a member that may be left out. NotApplicable then. */
function readListIfAny(target: Target, body: Members, member: string): readonly unknown[] {
  if (body[member] === undefined)
    throw new NotApplicable(`The document has no ${member}, which is optional.`);
  return readList(target, body, member);
}

export const signingAlgs = requirement({
  id: 'discovery-signing-algs',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3')],
  needs: [],
  statement: 'RS256 is one of the ID Token signing algorithms.',
  how: 'Expects RS256 in id_token_signing_alg_values_supported. Other values are allowed, including none.',
  hint: 'Support RS256 and list it: section 3 requires it of every provider.',
  async check({ flow, target, expect }) {
    const list = readList(target, await readDocument(flow, target), 'id_token_signing_alg_values_supported');
    expect.includes(list, 'RS256', 'RS256 is not among the signing algorithms.');
  },
});

export const scopeOpenid = requirement({
  id: 'discovery-scope-openid',
  level: 'SHOULD',
  levelReason:
    'Section 3 makes the server support openid, but it only recommends the list and lets it leave values ' +
    'out.',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), oidcCore('3.1.2.1')],
  needs: [],
  statement: 'scopes_supported lists openid.',
  how:
    'If scopes_supported is there, it contains openid. token-id-token judges whether openid works, and ' +
    'discovery-scope-values the syntax of the values.',
  hint: 'List openid.',
  async check({ flow, target, expect }) {
    const list = readListIfAny(target, await readDocument(flow, target), 'scopes_supported');
    // discovery-scope-values judges several scopes in one value.
    const scopes = list.flatMap((value) => String(value).split(' '));
    expect.includes(scopes, 'openid', 'scopes_supported leaves out openid.');
  },
});

export const pkceMethods = requirement({
  id: 'discovery-pkce-methods',
  level: 'SHOULD',
  levelReason:
    'RFC 9700 section 2.1.1 says MUST for some way to detect PKCE, and recommends this member for it.',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1.1'), rfc(8414, '2')],
  needs: ['metadata'],
  statement: 'The metadata says that the server supports PKCE with S256.',
  how: 'Expects code_challenge_methods_supported to be an array of strings that contains S256.',
  hint: 'Add code_challenge_methods_supported with S256, so clients can detect PKCE.',
  async check({ flow, target, expect }) {
    const value = (await readDocument(flow, target)).code_challenge_methods_supported;
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const isTold = list.includes('S256') && list.every((method) => typeof method === 'string');
    expect.that(isTold, 'The metadata does not say that PKCE with S256 is supported.', {
      expected: 'code_challenge_methods_supported with S256',
      received: JSON.stringify(value) ?? 'no code_challenge_methods_supported',
    });
  },
});

const RECOMMENDED = ['scopes_supported', 'claims_supported'] as const;

export const recommended = requirement({
  id: 'discovery-recommended',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcDiscovery('3')],
  needs: ['metadata'],
  statement: 'The document has the recommended members.',
  how:
    'Expects scopes_supported and claims_supported. Remarks on a missing userinfo_endpoint or ' +
    'registration_endpoint: both are recommended too, but some servers leave them out on purpose.',
  hint: "Add the member, so clients don't have to be configured by hand.",
  async check({ flow, target, expect, remark }) {
    const body = await readDocument(flow, target);
    const missing = RECOMMENDED.filter((name) => body[name] === undefined).map((name) => `no ${name}`);
    expect.none(missing, 'The document lacks members that are recommended.', RECOMMENDED.join(' and '));
    for (const name of ['userinfo_endpoint', 'registration_endpoint'])
      if (body[name] === undefined) remark(`The document has no ${name}.`);
  },
});

/** RFC 6749 section 3.3: one or more of these characters. */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export const scopeValues = requirement({
  id: 'discovery-scope-values',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '3.3'), oidcDiscovery('3')],
  needs: ['metadata'],
  statement: 'Every value in scopes_supported is a scope token.',
  how:
    'Expects each value to be a string of one or more visible ASCII characters, with no space, double ' +
    'quote or backslash. Not applicable if the member is left out.',
  hint: 'List scopes one by one, none of them with a space in it.',
  async check({ flow, target, expect }) {
    const values = readListIfAny(target, await readDocument(flow, target), 'scopes_supported');
    const odd = values.filter((value) => typeof value !== 'string' || !SCOPE_TOKEN.test(value));
    expect.none(
      odd.map((value) => JSON.stringify(value)),
      'scopes_supported has a value that is not a scope token.',
      'values with the syntax of RFC 6749 section 3.3',
    );
  },
});
