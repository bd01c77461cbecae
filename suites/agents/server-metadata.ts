/** Metadata of the authorization server at the place that OAuth 2.0 defines (RFC 8414). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, quote } from '../../fixtures/expect/describe.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isObject } from '../../fixtures/parse-json.js';
import { oauthPlace } from '../../fixtures/target/metadata-places.js';
import type { Target } from '../../fixtures/target/settings.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { oidcDiscovery, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { findTypeFault, SERVER_MEMBERS } from './member-types.js';

/**
 * The document, whatever came. The published issuer may end with a slash that the target leaves out.
 * discovery-issuer-match judges one that differs in more.
 */
function fetchDocument(flow: Flow, target: Target): Promise<Exchange> {
  const published = String(flow.metadata().issuer);
  const url = oauthPlace(published === `${target.issuer}/` ? published : target.issuer);
  return flow.send({ url, headers: { accept: 'application/json' }, note: 'the metadata of RFC 8414' });
}

/** @returns its members. NotApplicable if there is no such document, which agents-server-metadata says */
async function readDocument(
  flow: Flow,
  target: Target,
): Promise<{ readonly exchange: Exchange; readonly document: Readonly<Record<string, unknown>> }> {
  const exchange = await fetchDocument(flow, target);
  const document = exchange.json();
  if (exchange.status === 200 && isObject(document)) return { exchange, document };
  throw new NotApplicable(`The server has no RFC 8414 document (${describeExchange(exchange)}).`);
}

export const serverMetadata = requirement({
  id: 'agents-server-metadata',
  level: 'SHOULD',
  levelReason:
    'Section 3 binds servers that support metadata. The profile asks for it because a client may look only ' +
    'there.',
  profile: 'agents',
  clauses: [rfc(8414, '3'), rfc(8414, '3.1')],
  needs: [],
  statement: 'The server publishes its metadata where OAuth 2.0 defines it.',
  how:
    'Fetches the issuer with /.well-known/oauth-authorization-server between host and path, with no ' +
    "credentials. Expects 200 and a JSON object. A document that's only below the issuer, as in OpenID " +
    "Connect, doesn't count.",
  hint: 'Serve the metadata at <host>/.well-known/oauth-authorization-server<path of the issuer> too.',
  async check({ flow, target, expect }) {
    const exchange = await fetchDocument(flow, target);
    expect.that(
      exchange.status === 200 && isObject(exchange.json()),
      'There is no authorization server metadata where OAuth 2.0 defines it.',
      {
        expected: `a JSON object at ${exchange.request.url}`,
        received: describeExchange(exchange),
        exchange,
      },
    );
  },
});

export const response = requirement({
  id: 'agents-server-metadata-response',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(8414, '3.2')],
  needs: [],
  statement: 'The metadata is served as application/json and leaves out empty lists.',
  how:
    'Fetches the document. Expects 200, application/json, one JSON object, and no member that is an empty ' +
    'list or null. Not applicable if there is no such document.',
  hint: 'Send Content-Type: application/json, and leave a member out if its list would be empty.',
  async check({ flow, target, expect }) {
    const { exchange } = await readDocument(flow, target);
    const document = expect.jsonObject(exchange, 'the authorization server metadata');
    expect.none(
      listEmptyMembers(document),
      'The metadata has members without a value.',
      'members that are left out where they have no value',
      exchange,
    );
  },
});

/** @returns the members that have no value, which would have to be left out */
export function listEmptyMembers(document: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(document)
    .filter(([, value]) => value === null || (Array.isArray(value) && value.length === 0))
    .map(([name]) => name);
}

export const issuer = requirement({
  id: 'agents-server-metadata-issuer',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(8414, '3.3'), rfc(8414, '2')],
  needs: [],
  statement: "The metadata's issuer is the one that its URL was built from.",
  how:
    'Compares the issuer in the document with the issuer that leads to it, as plain strings. Not ' +
    'applicable if there is no such document.',
  hint: 'Publish the same issuer in both documents. Clients must not use one that names another.',
  async check({ flow, target, expect }) {
    const { exchange, document } = await readDocument(flow, target);
    const published = flow.metadata().issuer ?? target.issuer;
    expect.same(
      document.issuer,
      published,
      'The metadata is for a different issuer than the requested one.',
      exchange,
    );
  },
});

/** Members of section 2 that every server with an authorization endpoint has. */
const REQUIRED = ['issuer', 'authorization_endpoint', 'token_endpoint', 'response_types_supported'] as const;
const WITH_SIGNING: readonly string[] = ['private_key_jwt', 'client_secret_jwt'];
const METHOD_MEMBERS = [
  ['token_endpoint_auth_methods_supported', 'token_endpoint_auth_signing_alg_values_supported'],
  ['revocation_endpoint_auth_methods_supported', 'revocation_endpoint_auth_signing_alg_values_supported'],
  [
    'introspection_endpoint_auth_methods_supported',
    'introspection_endpoint_auth_signing_alg_values_supported',
  ],
] as const;

export const members = requirement({
  id: 'agents-server-metadata-members',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(8414, '2')],
  needs: [],
  statement: 'The metadata has the required members, each with its defined type.',
  how:
    'Expects issuer, authorization_endpoint, token_endpoint and response_types_supported. Endpoints are ' +
    'URLs; members that end in _supported are lists of strings or booleans, as defined. If private_key_jwt ' +
    'or client_secret_jwt is offered, the signing algorithms are listed, without none. Not applicable if ' +
    'there is no such document.',
  hint: 'Add the member, or give it the type that section 2 defines.',
  async check({ flow, target, expect }) {
    const { exchange, document } = await readDocument(flow, target);
    expect.none(
      REQUIRED.filter((name) => document[name] === undefined).map((name) => `no ${name}`),
      'The metadata lacks required members.',
      REQUIRED.join(', '),
      exchange,
    );
    expect.none(
      findTypeFault(document, SERVER_MEMBERS),
      'A member of the metadata has the wrong type.',
      'each member with its type',
      exchange,
    );
    for (const [methods, algorithms] of METHOD_MEMBERS) {
      const offered = document[methods];
      const listed = document[algorithms];
      const signs = Array.isArray(offered) && offered.some((method) => WITH_SIGNING.includes(String(method)));
      const isListed = Array.isArray(listed) && !listed.includes('none');
      expect.that(
        listed === undefined ? !signs : isListed,
        listed === undefined
          ? `${methods} offers signed assertions, and ${algorithms} is missing.`
          : `${algorithms} lists none.`,
        { expected: `${algorithms} without none`, received: quote(listed), exchange },
      );
    }
  },
});

export const agrees = requirement({
  id: 'agents-server-metadata-agrees',
  level: 'SHOULD',
  levelReason: 'No keyword says so, but a client reads either document and believes it.',
  profile: 'agents',
  clauses: [rfc(8414, '3'), oidcDiscovery('4.2')],
  needs: ['metadata'],
  statement: 'The OAuth 2.0 and OpenID Connect metadata say the same.',
  how:
    "Fetches both documents. Expects each member that's in both to have the same value; list order doesn't " +
    'matter. Not applicable if one of them is missing.',
  hint: 'Build both documents from one source.',
  async check({ flow, target, expect }) {
    const { exchange, document } = await readDocument(flow, target);
    if (exchange.request.url === target.discoveryUrl)
      throw new NotApplicable('The server has no OpenID Connect configuration besides it.');
    const answer = await flow.send({
      url: target.discoveryUrl,
      headers: { accept: 'application/json' },
      note: 'the OpenID Connect configuration',
    });
    const other = answer.object();
    const differing = Object.keys(document).filter(
      (name) => other[name] !== undefined && canonical(document[name]) !== canonical(other[name]),
    );
    expect.none(differing, 'The two documents say different things.', 'the same values in both', exchange);
  },
});

/** The same text for lists that differ in their order alone. */
function canonical(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value);
}

export const pkce = requirement({
  id: 'agents-server-metadata-pkce',
  level: 'SHOULD',
  levelReason:
    "RFC 9700 section 2.1.1 recommends the member. Clients that insist on PKCE stop when it's missing.",
  profile: 'agents',
  clauses: [rfc(8414, '2'), rfc(9700, '2.1.1')],
  needs: [],
  statement: 'The metadata says that PKCE with S256 is supported.',
  how:
    "Expects code_challenge_methods_supported to be a list with S256. Left out, it means that PKCE isn't " +
    'supported. Not applicable if there is no such document.',
  hint: 'Add code_challenge_methods_supported with S256.',
  async check({ flow, target, expect }) {
    const { exchange, document } = await readDocument(flow, target);
    const listed = document.code_challenge_methods_supported;
    expect.that(
      Array.isArray(listed) && listed.includes('S256'),
      'The metadata does not offer PKCE with S256.',
      {
        expected: 'code_challenge_methods_supported with S256',
        received: quote(listed),
        exchange,
      },
    );
  },
});
