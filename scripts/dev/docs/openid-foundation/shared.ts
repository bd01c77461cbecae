/** Modules that belong to several plans. */
import type { Module } from './module.js';

export const HAPPY_FLOW: Module = {
  name: 'oidcc-server',
  tries: 'The whole code flow: response with state, exchange, an ID Token that is valid in every claim.',
  ids: [
    'authz-code-response',
    'authz-state-echo',
    'token-exchange',
    'token-auth-basic',
    'token-id-token',
    'idtoken-signature',
    'idtoken-iss',
    'idtoken-aud',
    'idtoken-sub',
    'idtoken-exp',
    'idtoken-iat',
    'idtoken-nonce',
    'idtoken-at-hash',
  ],
};

export const UNSIGNED: Module = {
  name: 'oidcc-idtoken-unsigned',
  tries: 'A client that registers alg none gets an unsigned ID Token.',
  ids: ['idtoken-alg-none'],
  gap: 'Only the reverse is judged, that nobody else gets one: offering alg none is optional, and Polar does not.',
};

export const REQUEST_OBJECT_PROCESSED: Module = {
  name: 'oidcc-ensure-request-object-with-redirect-uri',
  tries: 'A request object that is accepted decides, also over what the query says.',
  ids: ['authz-request-object'],
};

export const REFRESH: Module = {
  name: 'oidcc-refresh-token',
  tries: 'A refresh token works, for its own client only, and the new ID Token speaks of the same sign-in.',
  ids: ['refresh-works', 'refresh-client-bound', 'refresh-id-token'],
};

export const DISCOVERY: Module = {
  name: 'oidcc-discovery-endpoint-verification',
  tries: 'The document names its issuer, the endpoints by https, what is required, and a usable key set.',
  ids: [
    'discovery-document',
    'discovery-issuer-match',
    'discovery-required-members',
    'discovery-endpoints-https',
    'discovery-signing-algs',
    'discovery-scope-openid',
    'discovery-jwks',
    'discovery-jwks-public-only',
    'discovery-jwks-key-size',
  ],
};
