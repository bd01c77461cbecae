/** What the document claims: endpoints, algorithms, scopes, PKCE. */
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, oidcDiscovery, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isLoopback, readDocument } from './document.js';

const REQUIRED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const WITHOUT_FRAGMENT: readonly string[] = ['authorization_endpoint', 'token_endpoint'];

export const endpointsHttps = requirement({
  id: 'discovery-endpoints-https',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), rfc(6749, '3.1'), rfc(6749, '3.2'), rfc(7009, '2'), rfc(7662, '2')],
  needs: [],
  statement:
    'Every endpoint of the document is an absolute https URL, those for authorization and token without fragment.',
  how:
    'Each endpoint that the document names (every member that ends in _endpoint, and jwks_uri) is an absolute URL with the scheme https; on a loopback target http is ' +
    'accepted on a loopback host. authorization_endpoint and token_endpoint have no fragment component.',
  hint: 'Publish the endpoint as an absolute https URL without fragment.',
  async check({ flow, target, expect, remark }) {
    const body = await readDocument(flow, target);
    const onLoopback = isLoopback(new URL(target.discoveryUrl));
    const unencrypted: string[] = [];
    for (const name of Object.keys(body).filter(isEndpoint)) {
      const value = body[name];
      if (typeof value !== 'string') continue;
      const url = absoluteUrl(value);
      const local = onLoopback && url?.protocol === 'http:' && isLoopback(url);
      if (local) unencrypted.push(name);
      expect.that(url?.protocol === 'https:' || local, `${name} is not an absolute https URL.`, {
        expected: `an absolute https URL${onLoopback ? ', or http on loopback' : ''}`,
        received: value,
      });
      expect.that(
        !WITHOUT_FRAGMENT.includes(name) || !value.includes('#'),
        `${name} has a fragment component.`,
        { expected: 'a URL without fragment', received: value },
      );
    }
    if (unencrypted.length > 0)
      remark(`Over http on loopback, so https was not looked at: ${unencrypted.join(', ')}.`);
    const lacking = REQUIRED.find((name) => typeof body[name] !== 'string');
    if (lacking !== undefined)
      throw new Blocked('discoveryMembers', `The document has no ${lacking} that is a string.`);
  },
});

/** Every member that names a place of the server, those of extensions too: end_session_endpoint, say. */
const isEndpoint = (name: string): boolean => name.endsWith('_endpoint') || name === 'jwks_uri';

/** A URL as RFC 3986 writes it: a browser's parser would also take `https:host` and surrounding space. */
function absoluteUrl(value: string): URL | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+\S*$/i.test(value) && URL.canParse(value) ? new URL(value) : null;
}

/** A member that is an array. Its type is the matter of discovery-required-members. */
function readList(body: Readonly<Record<string, unknown>>, member: string): readonly unknown[] {
  const value = body[member];
  if (Array.isArray(value)) return value;
  throw new Blocked('discoveryMembers', `The document has no ${member} that is a list.`);
}

export const signingAlgs = requirement({
  id: 'discovery-signing-algs',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3')],
  needs: [],
  statement: 'RS256 is among the ID Token signing algorithms.',
  how: 'id_token_signing_alg_values_supported contains RS256. Other values are allowed, none as well.',
  hint: 'Support RS256 and list it: section 3 demands it of every provider.',
  async check({ flow, target, expect }) {
    const list = readList(await readDocument(flow, target), 'id_token_signing_alg_values_supported');
    expect.includes(list, 'RS256', 'RS256 is not among the signing algorithms.');
  },
});

export const scopeOpenid = requirement({
  id: 'discovery-scope-openid',
  level: 'SHOULD',
  profile: 'oidc',
  // Section 3 obliges the server to support openid, but only recommends the list and lets it leave values out.
  clauses: [oidcDiscovery('3'), oidcCore('3.1.2.1')],
  needs: [],
  statement: 'openid is listed among the supported scopes.',
  how:
    'If scopes_supported is present, it contains openid. That openid works is judged by token-id-token, and the syntax ' +
    'of the values by discovery-scope-values.',
  hint: 'List openid.',
  async check({ flow, target, expect }) {
    const body = await readDocument(flow, target);
    if (body.scopes_supported === undefined)
      throw new NotApplicable('The document has no scopes_supported, which is only recommended.');
    const list = readList(body, 'scopes_supported');
    expect.includes(list, 'openid', 'scopes_supported leaves out openid.');
  },
});

export const pkceMethods = requirement({
  id: 'discovery-pkce-methods',
  level: 'SHOULD',
  profile: 'oauth',
  // RFC 9700 2.1.1: a server MUST provide a way to detect PKCE support; the metadata member is what it recommends.
  clauses: [rfc(9700, '2.1.1'), rfc(8414, '2')],
  needs: ['metadata'],
  statement: 'The server publishes its PKCE support, with S256, in its metadata.',
  how: 'code_challenge_methods_supported is an array of strings that contains S256.',
  hint: 'Add code_challenge_methods_supported with S256, so that clients can detect PKCE.',
  async check({ flow, target, expect }) {
    const value = (await readDocument(flow, target)).code_challenge_methods_supported;
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    expect.that(
      list.includes('S256') && list.every((method) => typeof method === 'string'),
      'The metadata does not say that PKCE with S256 is supported.',
      {
        expected: 'code_challenge_methods_supported with S256',
        received: JSON.stringify(value) ?? 'no code_challenge_methods_supported',
      },
    );
  },
});
