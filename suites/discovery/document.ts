/** The configuration document: that it is served, what it must hold, and that it names its own issuer. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isObject } from '../../fixtures/parse-json.js';
import { placeOfKind } from '../../fixtures/target/metadata-places.js';
import type { Target } from '../../fixtures/target/settings.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcDiscovery, polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';

/** The document, fetched again: the chapter judges what is on the wire now, not what the run has read before. */
export function fetchDocument(
  flow: Flow,
  target: Target,
  note = 'the configuration document',
  headers: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  return flow.send({ url: target.discoveryUrl, headers: { accept: 'application/json', ...headers }, note });
}

/** Its members, whatever the media type. Blocked by discovery-document when there are none. */
export async function readDocument(flow: Flow, target: Target): Promise<Readonly<Record<string, unknown>>> {
  return readMembers(await fetchDocument(flow, target));
}

function readMembers(exchange: Exchange): Readonly<Record<string, unknown>> {
  const body = exchange.json();
  if (exchange.status === 200 && isObject(body)) return body;
  throw new Blocked(
    'discoveryDocument',
    `The configuration document was answered with ${exchange.status} and ${isObject(body) ? 'an' : 'no'} object.`,
  );
}

export const document = requirement({
  id: 'discovery-document',
  level: 'MUST',
  profile: 'oauth',
  clauses: [oidcDiscovery('4'), oidcDiscovery('4.2'), rfc(8414, '3.2'), polarDocs('OpenID Connect (OAuth2)')],
  needs: ['metadata'],
  statement: 'The server serves its configuration as a JSON object.',
  how:
    'Fetches the discovery URL (<issuer>/.well-known/openid-configuration, or what the target file names) ' +
    'with no credentials and without following redirects, with Accept: application/json and with Accept: ' +
    '*/*. Expects 200, application/json and one JSON object.',
  hint: 'Serve the document with status 200 and Content-Type: application/json.',
  async check({ flow, target, expect }) {
    for (const accept of ['application/json', '*/*']) {
      const exchange = await fetchDocument(flow, target, `Accept: ${accept}`, { accept });
      expect.jsonObject(exchange, `the configuration document for Accept: ${accept}`);
    }
  },
});

export const issuerMatch = requirement({
  id: 'discovery-issuer-match',
  level: 'MUST',
  profile: 'oauth',
  clauses: [oidcDiscovery('4.3'), oidcDiscovery('4.1'), oidcDiscovery('3'), rfc(8414, '3.3')],
  needs: ['metadata'],
  statement: 'The issuer is an https URL with no query or fragment, and it leads to the URL of the document.',
  how:
    "Builds the document's URL from the published issuer: without a slash at its end, plus " +
    '/.well-known/openid-configuration (in OAuth 2.0, /.well-known/oauth-authorization-server between host ' +
    'and path). Expects the URL that was fetched, compared as plain strings, and an issuer with https ' +
    '(http on loopback), no ? and no #.',
  hint: 'Publish as issuer exactly the URL that the document is served under.',
  async check({ flow, target, expect, remark }) {
    const { issuer } = await readDocument(flow, target);
    // In OAuth 2.0 alone no other requirement looks at the type.
    if (typeof issuer !== 'string' && target.profile !== 'oauth')
      throw new Blocked('discoveryMembers', "The document's issuer is not a string.");
    const published = expect.string(issuer, 'issuer', 'the configuration document');
    expect.that(isIssuerUrl(published), 'The issuer is not an https URL with no query or fragment.', {
      expected: 'an https URL (http on loopback) with no ? or #',
      received: published,
    });
    const results = placeOfKind(published, target.discoveryUrl);
    const message = "The document names an issuer that it doesn't belong to.";
    expect.that(results === target.discoveryUrl, message, {
      expected: `an issuer that leads to ${target.discoveryUrl}`,
      received: `the issuer ${published}`,
    });
    if (published !== target.issuer)
      remark(
        `The target says ${target.issuer}; the published issuer ${published} differs by the slash at its end.`,
      );
  },
});

function isIssuerUrl(issuer: string): boolean {
  if (!URL.canParse(issuer) || /[?#]/.test(issuer)) return false;
  const url = new URL(issuer);
  return url.protocol === 'https:' || isPlainLoopback(url);
}

/** @returns whether the URL is http on this machine, where that is no risk */
export function isPlainLoopback({ protocol, hostname }: URL): boolean {
  const isLoopback =
    /(^|\.)localhost$/.test(hostname) || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'http:' && isLoopback;
}

export const requiredMembers = requirement({
  id: 'discovery-required-members',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), oidcDiscovery('4.2')],
  needs: [],
  statement: 'All members required of a provider with a token endpoint are there, each with the right type.',
  how:
    'Validates the document against the JSON Schema discovery.json: issuer, authorization_endpoint, ' +
    'token_endpoint and jwks_uri are strings, response_types_supported (with code), ' +
    "subject_types_supported and id_token_signing_alg_values_supported are arrays that aren't empty, and " +
    'optional members have their defined type. Ignores unknown members.',
  hint: 'Add the member, or give it the type that section 3 defines.',
  async check({ flow, target, expect, remark }) {
    const body = await readDocument(flow, target);
    expect.matchesSchema('discovery', body, 'the configuration document');
    const types: readonly unknown[] = Array.isArray(body.subject_types_supported)
      ? body.subject_types_supported
      : [];
    const unusual = types.filter((type) => type !== 'public' && type !== 'pairwise');
    if (unusual.length > 0)
      remark(`subject_types_supported has values that no specification names: ${unusual.join(', ')}.`);
  },
});

export const stable = requirement({
  id: 'discovery-stable',
  level: 'MUST',
  profile: 'oauth',
  clauses: [oidcDiscovery('4.3'), rfc(8414, '3.3')],
  needs: ['metadata'],
  statement: "The document has the same issuer each time it's fetched.",
  how:
    'Fetches the document three times, the last time with If-None-Match or If-Modified-Since if the first ' +
    'response allows that. Expects 200 and the same issuer each time, or 304 for the conditional request.',
  hint: 'Look for instances of the server, or caches in front of it, with a different configuration.',
  async check({ flow, target, expect, remark }) {
    const first = await fetchDocument(flow, target, 'the first retrieval');
    const before = readMembers(first);
    const validators = readValidators(first);
    const second = await fetchDocument(flow, target, 'the second retrieval');
    judgeAgain(expect, second, before.issuer, 'The second retrieval');
    const third = await fetchDocument(flow, target, 'with the validators of the first', validators);
    const unchanged = third.status === 304 && Object.keys(validators).length > 0;
    if (!unchanged) judgeAgain(expect, third, before.issuer, 'The conditional retrieval');
    const after = second.object();
    const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    if (differing.length > 0) remark(`Two retrievals differ in ${differing.join(', ')}.`);
  },
});

function judgeAgain(expect: Expect, exchange: Exchange, issuer: unknown, which: string): void {
  expect.status(exchange, 200, which);
  const again = exchange.object().issuer;
  expect.same(again, issuer, `${which} names a different issuer than the first.`, exchange);
}

function readValidators(exchange: Exchange): Readonly<Record<string, string>> {
  const etag = exchange.header('etag');
  const modified = exchange.header('last-modified');
  return {
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(modified === null ? {} : { 'if-modified-since': modified }),
  };
}
