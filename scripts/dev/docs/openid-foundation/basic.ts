/** The plan of the Basic OP profile: the authorization code flow that every OpenID provider offers. */
import type { ConformancePlan, Module } from './module.js';
import { HAPPY_FLOW, REFRESH, REQUEST_OBJECT_PROCESSED, UNSIGNED } from './shared.js';

const NO_CLAIMS_OWED =
  "We don't judge whether they come: a scope asks for claims (Core §5.4), and the server chooses which ones to release.";

const scopeClaims = (name: string, tries: string): Module => ({
  name,
  tries,
  ids: ['userinfo-claim-types', 'userinfo-claim-empty', 'userinfo-claims-unasked', 'idtoken-claim-types'],
  gap: `We judge the claims that come: types, values, and that nobody else gets them. ${NO_CLAIMS_OWED}`,
});

const hint = (name: string, parameter: string, gap?: string): Module => ({
  name,
  tries: `A request with ${parameter} doesn't fail because of it.`,
  ids: ['authz-hints-accepted'],
  ...(gap === undefined ? {} : { gap }),
});

export const BASIC: ConformancePlan = {
  title: 'Basic OP',
  plan: 'oidcc-basic-certification-test-plan',
  about:
    'The code flow with client_secret_basic, and once with client_secret_post; the client is registered dynamically or beforehand.',
  modules: [
    HAPPY_FLOW,
    {
      name: 'oidcc-response-type-missing',
      tries: 'A request without response_type is an error.',
      ids: ['authz-response-type-invalid', 'authz-error-response'],
      gap: 'An error code other than invalid_request and unsupported_response_type is a remark, because RFC 6749 §4.1.2.1 leaves the choice.',
    },
    {
      name: 'oidcc-idtoken-signature',
      tries: "The ID Token's signature verifies with the key that its kid names.",
      ids: ['idtoken-signature', 'idtoken-kid', 'discovery-jwks'],
    },
    UNSIGNED,
    {
      name: 'oidcc-userinfo-get',
      tries: 'Userinfo answers GET with the token in the header.',
      ids: ['userinfo-get', 'userinfo-sub', 'userinfo-claim-types', 'userinfo-claim-empty'],
    },
    {
      name: 'oidcc-userinfo-post-header',
      tries: 'Userinfo answers POST with the token in the header.',
      ids: ['userinfo-post'],
    },
    {
      name: 'oidcc-userinfo-post-body',
      tries: 'Userinfo answers POST with the token in the form.',
      ids: [],
      gap: "A server doesn't have to accept tokens in the body (RFC 6750 §2.2), and the module accepts a refusal too.",
    },
    {
      name: 'oidcc-ensure-request-without-nonce-succeeds-for-code-flow',
      tries: 'The code flow works without nonce.',
      ids: ['idtoken-nonce-unsent'],
    },
    scopeClaims('oidcc-scope-profile', 'The scope profile gives its claims.'),
    scopeClaims('oidcc-scope-email', 'The scope email gives its claims.'),
    scopeClaims('oidcc-scope-address', 'The scope address gives its claim.'),
    scopeClaims('oidcc-scope-phone', 'The scope phone gives its claims.'),
    scopeClaims('oidcc-scope-all', 'All four scopes at once give their claims.'),
    {
      name: 'oidcc-ensure-other-scope-order-succeeds',
      renamed: 'oidcc-alternate-happy-flow',
      tries: 'The order of scope values (and, under its newer name, of parameters) makes no difference.',
      ids: ['authz-scope-order'],
    },
    hint('oidcc-display-page', 'display=page'),
    hint('oidcc-display-popup', 'display=popup'),
    {
      name: 'oidcc-prompt-login',
      tries: 'prompt=login authenticates again, and auth_time shows it.',
      ids: ['authz-prompt-login', 'idtoken-auth-time-fresh'],
    },
    {
      name: 'oidcc-prompt-none-not-logged-in',
      tries: 'prompt=none without a session is an error.',
      ids: ['authz-prompt-none-signed-out', 'authz-prompt-none-error-code'],
    },
    {
      name: 'oidcc-prompt-none-logged-in',
      tries: 'prompt=none with a session gets an answer at once, with the same subject and auth_time.',
      ids: ['authz-prompt-none-silent', 'idtoken-sub', 'idtoken-auth-time'],
    },
    {
      name: 'oidcc-max-age-1',
      tries: 'A login older than max_age is renewed.',
      ids: ['authz-max-age', 'idtoken-auth-time', 'idtoken-auth-time-fresh'],
      gap: "auth_time has to be within a minute of the new sign-in. We don't compare it with the earlier one.",
    },
    {
      name: 'oidcc-max-age-10000',
      tries: 'A login younger than max_age stays, with its auth_time.',
      ids: ['authz-max-age', 'idtoken-auth-time'],
    },
    {
      name: 'oidcc-ensure-request-with-unknown-parameter-succeeds',
      tries: 'Unknown parameters are ignored.',
      ids: ['authz-parameter-unknown'],
    },
    {
      name: 'oidcc-id-token-hint',
      tries: "prompt=none with the signed-in user's id_token_hint succeeds.",
      ids: ['authz-id-token-hint-own', 'authz-id-token-hint'],
    },
    hint(
      'oidcc-login-hint',
      'login_hint',
      'The hint names the signed-in user. Theirs has a person review what a login page does with it.',
    ),
    hint('oidcc-ui-locales', 'ui_locales'),
    hint('oidcc-claims-locales', 'claims_locales'),
    hint(
      'oidcc-ensure-request-with-acr-values-succeeds',
      'acr_values',
      'Theirs warns if no acr comes. A server owes none, because acr_values asks for a voluntary claim (Core §3.1.2.1).',
    ),
    {
      name: 'oidcc-codereuse',
      tries: 'A used code is refused.',
      ids: ['token-code-single-use'],
    },
    {
      name: 'oidcc-codereuse-30seconds',
      tries: 'A code that was used half a minute ago is refused, and that revokes its access token.',
      ids: ['token-code-reuse-late', 'token-code-replay-late-revokes', 'token-code-replay-revokes'],
    },
    {
      name: 'oidcc-ensure-registered-redirect-uri',
      tries: 'The server redirects nothing to an unregistered URI.',
      ids: ['authz-redirect-unregistered'],
    },
    {
      name: 'oidcc-ensure-post-request-succeeds',
      tries: 'The authorization request works by POST.',
      ids: ['authz-post'],
    },
    {
      name: 'oidcc-server-client-secret-post',
      tries: 'The code flow with the client secret in the body.',
      ids: ['token-auth-post', 'token-exchange'],
      gap: "We judge the exchange. We judge the ID Token once, with the run's client, whatever its method.",
    },
    {
      name: 'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
      tries: 'A request object by reference is processed or refused as unsupported.',
      ids: ['authz-request-object', 'authz-request-object-error'],
      gap: 'There is no request object that a server could fetch, so we judge only the refusal or the failed fetch.',
    },
    {
      name: 'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
      tries: 'A request object by value is processed or refused as unsupported.',
      ids: ['authz-request-object', 'authz-request-object-error'],
      gap: "If it's processed, its state decides the verdict. We don't look for its nonce in an ID Token.",
    },
    {
      name: 'oidcc-claims-essential',
      tries: 'Userinfo has a claim that the claims parameter marks as essential.',
      ids: ['authz-claims-parameter'],
      gap: "We judge that the request doesn't fail, not that the claim comes: the claims parameter is optional (Core §5.5), and the module only warns too.",
    },
    REQUEST_OBJECT_PROCESSED,
    REFRESH,
    {
      name: 'oidcc-ensure-request-with-valid-pkce-succeeds',
      tries: 'The code flow works with PKCE and S256.',
      ids: ['pkce-s256', 'pkce-confidential'],
    },
  ],
};
