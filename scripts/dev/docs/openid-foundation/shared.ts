/** Modules that belong to several plans. */
import type { Module } from './module.js';

export const HAPPY_FLOW: Module = {
  name: 'oidcc-server',
  tries: 'The whole code flow: response with state, exchange, an ID Token with valid claims.',
  ids: [
    'authz-code-response',
    'authz-state-echo',
    'token-exchange',
    'token-auth-basic',
    'authz-iss',
    'authz-response-parameters',
    'token-unguessable',
    'token-expires-in-number',
    'token-id-token',
    'idtoken-signature',
    'idtoken-kid',
    'idtoken-alg-default',
    'idtoken-iss',
    'idtoken-aud',
    'idtoken-sub',
    'idtoken-exp',
    'idtoken-iat',
    'idtoken-nonce',
    'idtoken-at-hash',
    'idtoken-claim-types',
    'userinfo-claims-unasked',
  ],
};

export const UNSIGNED: Module = {
  name: 'oidcc-idtoken-unsigned',
  tries: 'A client that registers alg none gets an unsigned ID Token.',
  ids: ['idtoken-alg-none'],
  gap: "We judge only that nobody else gets one: offering alg none is optional, and Polar doesn't.",
};

export const REQUEST_OBJECT_PROCESSED: Module = {
  name: 'oidcc-ensure-request-object-with-redirect-uri',
  tries: 'An accepted request object decides, even over the query.',
  ids: ['authz-request-object', 'authz-request-object-error'],
  gap: "We compare only the request object's state with the query's, and don't try a redirect_uri in it.",
};

export const REFRESH: Module = {
  name: 'oidcc-refresh-token',
  tries: 'A refresh token works only for its own client, and the new ID Token is about the same sign-in.',
  ids: ['refresh-works', 'refresh-client-bound', 'refresh-id-token', 'refresh-id-token-at-hash'],
};

/** Both plans have the module, and each asks for something more. */
export const describeDiscovery = (gap: string): Module => ({
  name: 'oidcc-discovery-endpoint-verification',
  tries: 'The document names its issuer, https endpoints, everything required, and a usable key set.',
  ids: [
    'discovery-document',
    'discovery-issuer-match',
    'discovery-required-members',
    'discovery-endpoints-https',
    'discovery-signing-algs',
    'discovery-scope-openid',
    'discovery-scope-values',
    'discovery-grant-types',
    'discovery-recommended',
    'discovery-jwks',
    'discovery-jwks-kids',
    'discovery-jwks-public-only',
    'discovery-jwks-key-size',
  ],
  gap: `We don't judge request_uri_parameter_supported, which means true if it's left out, because we leave out request objects by reference. ${gap}`.trim(),
});
