/** What a protected resource publishes about itself (RFC 9728 sections 2 and 3). */

import { describeExchange, quote } from '../../fixtures/expect/describe.js';
import { isObject } from '../../fixtures/parse-json.js';
import { resourcePlace } from '../../fixtures/target/metadata-places.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { findTypeFault, RESOURCE_MEMBERS } from './member-types.js';
import {
  askWithoutToken,
  fetchResourceDocument,
  findResourceDocument,
  readResourceDocument,
} from './protected-resource.js';
import { listEmptyMembers } from './server-metadata.js';

export const resourceMetadata = requirement({
  id: 'agents-resource-metadata',
  level: 'SHOULD',
  levelReason:
    'Section 3 binds servers that support metadata. The profile asks for it because nothing else leads to ' +
    'the server.',
  profile: 'agents',
  clauses: [rfc(9728, '3'), rfc(9728, '5')],
  needs: ['protected-endpoint'],
  statement: 'The API publishes metadata that leads a client to the authorization server.',
  how:
    'Sends a request with no token. The metadata is where the challenge says, or at a URL built from the ' +
    "endpoint's URL or a path above it, with /.well-known/oauth-protected-resource between host and path. " +
    'Expects a JSON object at one of them.',
  hint:
    'Serve a document with resource and authorization_servers at ' +
    '<host>/.well-known/oauth-protected-resource<path>.',
  async check({ flow, expect }) {
    const found = await findResourceDocument(flow);
    const { url, exchange } = await askWithoutToken(flow);
    expect.that(found !== null, 'The API publishes no metadata of a protected resource.', {
      expected: `a JSON object at ${resourcePlace(url)}, or where the challenge says`,
      received: describeExchange(exchange),
      exchange,
    });
  },
});

export const response = requirement({
  id: 'agents-resource-metadata-response',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(9728, '3.2')],
  needs: ['protected-endpoint'],
  statement: "The API's metadata is served as application/json and leaves out empty lists.",
  how:
    'Fetches the document. Expects 200, application/json, one JSON object, and no member that is an empty ' +
    'list or null. Not applicable if there is no such document.',
  hint: 'Send Content-Type: application/json, and leave a member out if its list would be empty.',
  async check({ flow, expect }) {
    const { exchange } = await readResourceDocument(flow);
    const document = expect.jsonObject(exchange, 'the metadata of the protected resource');
    expect.none(
      listEmptyMembers(document),
      'The metadata of the API has members without a value.',
      'members that are left out where they have no value',
      exchange,
    );
  },
});

export const place = requirement({
  id: 'agents-resource-metadata-place',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(9728, '3'), rfc(9728, '3.1'), rfc(9728, '3.3')],
  needs: ['protected-endpoint'],
  statement: "A resource's metadata is at the URL built from its identifier, and names that identifier.",
  how:
    'Takes the identifier that the document calls resource, with /.well-known/oauth-protected-resource ' +
    'between its host and its path and query. Expects 200 there and the identical resource, compared as ' +
    'plain strings. Not applicable if there is no such document.',
  hint:
    'Insert the well-known string between host and path, and publish exactly the identifier that clients ' +
    'use.',
  async check({ flow, expect }) {
    const { exchange: first, document } = await readResourceDocument(flow);
    const { resource } = document;
    const isUrl = typeof resource === 'string' && URL.canParse(resource);
    expect.that(isUrl, 'The metadata of the API has no resource that is a URL.', {
      expected: 'the resource identifier',
      received: quote(resource),
      exchange: first,
    });
    const url = resourcePlace(String(resource));
    const exchange = await fetchResourceDocument(flow, url, 'the place made from the resource identifier');
    const again = exchange.json();
    expect.that(
      exchange.status === 200 && isObject(again),
      'There is no metadata at the place made from the resource identifier.',
      { expected: `a JSON object at ${url}`, received: describeExchange(exchange), exchange },
    );
    const received = isObject(again) ? again.resource : undefined;
    expect.same(
      received,
      resource,
      'The metadata is for a different resource than the requested one.',
      exchange,
    );
  },
});

const BEARER_METHODS: readonly unknown[] = ['header', 'body', 'query'];

export const members = requirement({
  id: 'agents-resource-metadata-members',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(9728, '2'), rfc(9728, '1.2')],
  needs: ['protected-endpoint'],
  statement: "Each member of the API's metadata has its defined type and values.",
  how:
    'Expects resource to be a URL with no fragment, authorization_servers a list of URLs with no query or ' +
    'fragment, bearer_methods_supported a list of header, body and query, scopes_supported a list of ' +
    'scopes, and signing algorithms without none. Not applicable if there is no such document.',
  hint: 'Give the member the type that section 2 defines.',
  async check({ flow, expect }) {
    const { exchange, document } = await readResourceDocument(flow);
    const fault = (found: string | null | undefined) =>
      expect.none(
        found,
        "A member of the API's metadata is not as defined.",
        'each member as section 2 defines it',
        exchange,
      );
    fault(
      document.resource === undefined ? 'resource is missing' : findTypeFault(document, RESOURCE_MEMBERS),
    );
    const { resource, authorization_servers, bearer_methods_supported, scopes_supported } = document;
    fault(String(resource).includes('#') ? `resource has a fragment (${String(resource)})` : null);
    const servers = listOf(authorization_servers);
    const odd = servers.find((server) => !URL.canParse(String(server)) || /[?#]/.test(String(server)));
    fault(odd === undefined ? null : `authorization_servers has ${quote(odd)}, which isn't an issuer`);
    const method = listOf(bearer_methods_supported).find((one) => !BEARER_METHODS.includes(one));
    fault(method === undefined ? null : `bearer_methods_supported has ${quote(method)}`);
    const scope = listOf(scopes_supported).find((one) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(String(one)));
    fault(scope === undefined ? null : `scopes_supported has ${quote(scope)}, which isn't a scope`);
    const algorithms = listOf(document.resource_signing_alg_values_supported);
    fault(algorithms.includes('none') ? 'resource_signing_alg_values_supported has none' : null);
  },
});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const servers = requirement({
  id: 'agents-resource-metadata-servers',
  level: 'SHOULD',
  levelReason:
    'The member is optional in section 2, but a client that knows only the API has no other way to find ' +
    'the server.',
  profile: 'agents',
  clauses: [rfc(9728, '2'), rfc(9728, '7.6')],
  needs: ['protected-endpoint'],
  statement: "The API's metadata names the authorization server whose tokens it accepts.",
  how:
    "Expects authorization_servers to have this server's issuer, compared as plain strings. Remarks if the " +
    "server's own protected_resources doesn't list the resource. Not applicable if there is no such " +
    'document.',
  hint: 'List the issuer, exactly as the server publishes it, under authorization_servers.',
  async check({ flow, expect, remark }) {
    const { exchange, document } = await readResourceDocument(flow);
    const { issuer } = flow.metadata();
    if (typeof issuer !== 'string') throw new NotApplicable('The server publishes no issuer.');
    const listed = listOf(document.authorization_servers);
    expect.includes(
      listed,
      issuer,
      'The metadata of the API does not name this authorization server.',
      exchange,
    );
    if (listed.length > 1) remark(`The API takes tokens of ${listed.length} authorization servers.`);
    const resources = flow.supportedValues('protected_resources');
    if (resources !== undefined && !resources.includes(String(document.resource)))
      remark('protected_resources of the server does not list this resource.');
  },
});
