/** The plan of the Basic OP profile: the authorization code flow that every OpenID provider offers. */
import type { ConformancePlan, Module } from './module.js';
import { HAPPY_FLOW, REFRESH, REQUEST_OBJECT_PROCESSED, UNSIGNED } from './shared.js';

const NO_CLAIMS_OWED =
  'That the claims come at all is not judged: a scope asks for claims (Core §5.4), and which of them a server has and releases is its own choice.';

const scopeClaims = (name: string, tries: string): Module => ({
  name,
  tries,
  ids: ['userinfo-claim-types', 'userinfo-claim-empty', 'userinfo-claims-unasked', 'idtoken-claim-types'],
  gap: `The claims that come are judged: types, values, and that nobody else gets them. ${NO_CLAIMS_OWED}`,
});

const hint = (name: string, parameter: string, gap?: string): Module => ({
  name,
  tries: `A request with ${parameter} does not fail for it.`,
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
      gap: 'An error code other than invalid_request and unsupported_response_type is a remark: RFC 6749 §4.1.2.1 leaves the choice.',
    },
    {
      name: 'oidcc-idtoken-signature',
      tries: 'The signature of the ID Token verifies by the key that its kid names.',
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
      gap: 'A server need not take tokens in the body (RFC 6750 §2.2), and the module takes a refusal as well.',
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
      tries:
        'The order of the scope values, and under its newer name of the parameters, makes no difference.',
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
      tries: 'prompt=none with a session answers at once, for the same subject and with the same auth_time.',
      ids: ['authz-prompt-none-silent', 'idtoken-sub', 'idtoken-auth-time'],
    },
    {
      name: 'oidcc-max-age-1',
      tries: 'An authentication that is older than max_age is renewed.',
      ids: ['authz-max-age', 'idtoken-auth-time', 'idtoken-auth-time-fresh'],
      gap: 'auth_time has to be within a minute of the new sign-in, and is not compared with that of the earlier one.',
    },
    {
      name: 'oidcc-max-age-10000',
      tries: 'An authentication that is younger than max_age is kept, with its auth_time.',
      ids: ['authz-max-age', 'idtoken-auth-time'],
    },
    {
      name: 'oidcc-ensure-request-with-unknown-parameter-succeeds',
      tries: 'Unknown parameters are ignored.',
      ids: ['authz-parameter-unknown'],
    },
    {
      name: 'oidcc-id-token-hint',
      tries: 'prompt=none with an id_token_hint of the user who is signed in succeeds.',
      ids: ['authz-id-token-hint-own', 'authz-id-token-hint'],
    },
    hint(
      'oidcc-login-hint',
      'login_hint',
      'The hint names the user who is signed in. What a login page does with it, theirs leaves to a person to review.',
    ),
    hint('oidcc-ui-locales', 'ui_locales'),
    hint('oidcc-claims-locales', 'claims_locales'),
    hint(
      'oidcc-ensure-request-with-acr-values-succeeds',
      'acr_values',
      'Theirs warns if no acr comes; a server owes none, since acr_values asks for a voluntary claim (Core §3.1.2.1).',
    ),
    {
      name: 'oidcc-codereuse',
      tries: 'A code that was used is refused.',
      ids: ['token-code-single-use'],
    },
    {
      name: 'oidcc-codereuse-30seconds',
      tries: 'A code that was used half a minute ago is refused, and its access token is revoked by that.',
      ids: ['token-code-reuse-late', 'token-code-replay-late-revokes', 'token-code-replay-revokes'],
    },
    {
      name: 'oidcc-ensure-registered-redirect-uri',
      tries: 'Nothing is redirected to a URI that is not registered.',
      ids: ['authz-redirect-unregistered'],
    },
    {
      name: 'oidcc-ensure-post-request-succeeds',
      tries: 'The authorization request may come by POST.',
      ids: ['authz-post'],
    },
    {
      name: 'oidcc-server-client-secret-post',
      tries: 'The code flow with the client secret in the body.',
      ids: ['token-auth-post', 'token-exchange'],
      gap: 'The exchange is judged. The ID Token is judged once, with the client of the run, whichever method that has.',
    },
    {
      name: 'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
      tries: 'A request object by reference is processed or refused as unsupported.',
      ids: ['authz-request-object', 'authz-request-object-error'],
      gap: 'No request object lies where a server could fetch it, so only the refusal, or the failure to fetch, is judged.',
    },
    {
      name: 'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
      tries: 'A request object by value is processed or refused as unsupported.',
      ids: ['authz-request-object', 'authz-request-object-error'],
      gap: 'Where it is processed, its state decides the verdict; its nonce is not looked for in an ID Token.',
    },
    {
      name: 'oidcc-claims-essential',
      tries: 'A claim that the claims parameter asks for as essential comes at userinfo.',
      ids: ['authz-claims-parameter'],
      gap: "That the request doesn't fail is judged. That the claim comes isn't: the claims parameter is optional (Core §5.5), and the module too only warns.",
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
