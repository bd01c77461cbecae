/** Requirements that really fail together: what else may fail because of a defect, each with the reason. */

export interface Collateral {
  /** The name of the defect. */
  readonly defect: string;
  /** The other requirement that fails with it. */
  readonly fails: string;
  /** Why no better check could tell the two apart, or why both are right to fail. */
  readonly because: string;
}

/** Several that fail because of one defect, for the same reason. */
const listCollateral = (defect: string, because: string, ...ids: readonly string[]): readonly Collateral[] =>
  ids.map((id) => ({ defect, fails: id, because }));

const STRICT_SCENARIO =
  'The whole flow ends where a strict client stops, so anything wrong with the ID Token fails it.';

const ONE_DOCUMENT = 'Both documents are made in one place, so a fault of one is one of the other.';
const ONE_CHALLENGE = 'One rule writes the challenge of every endpoint.';
const UNREADABLE_CHALLENGE = 'Nobody can read an error out of a challenge that is not well-formed.';
const QUERY_READ = 'An endpoint that answers without looking at the header answers a token in the query.';
const SERVER_ERROR =
  'A server error is the answer to every request with that value, whatever is judged by it.';

export const collateral: readonly Collateral[] = [
  ...listCollateral('discovery-issuer-match', STRICT_SCENARIO, 'authz-story'),
  ...listCollateral(
    'discovery-issuer-match',
    'A client compares iss with the issuer of the document, and the two now differ; nobody outside can say which is wrong.',
    'authz-iss',
    'idtoken-iss',
  ),
  ...listCollateral(
    'client-redirect-https',
    'A server that never looks at the scheme takes http in every spelling that another rule is about.',
    'client-redirect-localhost-lookalike',
    'client-redirect-userinfo',
    'client-redirect-loopback-ip',
    'client-redirect-host-forms',
  ),
  ...listCollateral(
    'authz-redirect-unregistered',
    'A server that compares nothing takes every URI that another rule changes in one place.',
    'client-redirect-wildcard',
    'authz-redirect-exact-path',
    'authz-redirect-exact-query',
    'authz-redirect-exact-origin',
    'authz-error-no-open-redirect',
  ),
  ...listCollateral(
    'token-code-single-use',
    'A code that works again also works several times at once.',
    'token-code-concurrent',
  ),
  ...listCollateral('idtoken-nonce', STRICT_SCENARIO, 'authz-story'),
  ...listCollateral(
    'pkce-verifier-wrong',
    'Where any verifier passes, it passes for confidential clients too.',
    'pkce-confidential',
  ),
  ...listCollateral(
    'org-bound',
    'A token that reaches every organization still does after a refresh.',
    'org-refresh',
  ),
  ...listCollateral(
    'api-scope-enforced',
    'An API that looks at no scope looks at none of a personal access token either.',
    'pat-scope-enforced',
  ),
  ...listCollateral(
    'token-code-lifetime',
    'A code that lives for an hour lives longer than the target file says.',
    'token-code-expires',
  ),
  ...listCollateral(
    'client-required-fields',
    'A registration without redirect URIs breaks the documentation and the specification alike.',
    'client-redirect-required',
  ),
  ...listCollateral(
    'client-redirect-required',
    'A registration without redirect URIs breaks the documentation and the specification alike.',
    'client-required-fields',
  ),
  ...listCollateral(
    'idtoken-key-headers',
    'A header that was changed after signing is signed by nobody.',
    'idtoken-signature',
    'refresh-id-token',
    'authz-story',
  ),
  ...listCollateral(
    'idtoken-alg-advertised',
    'An algorithm that is not listed is not the default either, and a strict client refuses it.',
    'idtoken-alg-default',
    'authz-story',
  ),
  ...listCollateral(
    'idtoken-alg-none:refreshed',
    'No key verifies a token that is not signed.',
    'refresh-id-token',
  ),
  ...listCollateral('idtoken-aud-others', STRICT_SCENARIO, 'authz-story'),
  ...listCollateral('idtoken-nbf', STRICT_SCENARIO, 'authz-story'),
  ...listCollateral(
    'api-two-methods',
    'A server that reads a token from the query as well accepts it there.',
    'api-query-token',
    'userinfo-query-token',
  ),
  ...listCollateral(
    'discovery-issuer-match',
    'Whoever compares with the issuer of the document finds another one.',
    'introspect-claims',
    'agents-resource-metadata-servers',
  ),
  ...listCollateral('discovery-document', ONE_DOCUMENT, 'agents-server-metadata-response'),
  ...listCollateral(
    'discovery-required-members:null',
    ONE_DOCUMENT,
    'agents-server-metadata-response',
    'agents-server-metadata-members',
  ),
  ...listCollateral(
    'refresh-invalid',
    'One rule refuses what is no refresh token, whatever else it is.',
    'refresh-access-token-refused',
    'pat-not-a-grant',
  ),
  ...listCollateral(
    'pkce-confidential-secret',
    'A client that needs no secret beside a code_verifier needs none in any exchange that has one.',
    'token-auth-missing',
  ),
  ...listCollateral(
    'api-bearer',
    'A server that accepts no bearer token accepts none of any kind.',
    'client-read',
    'client-delete',
    'org-token',
    'org-default-user',
    'pat-accepted',
    'userinfo-get',
  ),
  ...listCollateral(
    'api-missing-token',
    ONE_CHALLENGE,
    'client-management-refused',
    'userinfo-invalid-token',
  ),
  ...listCollateral('api-accept-any', ONE_CHALLENGE, 'userinfo-invalid-token'),
  ...listCollateral('api-invalid-token-error', ONE_CHALLENGE, 'api-insufficient-scope'),
  ...listCollateral(
    'api-challenge-grammar',
    UNREADABLE_CHALLENGE,
    'api-invalid-token-error',
    'api-insufficient-scope',
  ),
  ...listCollateral(
    'api-challenge-grammar:repeated',
    UNREADABLE_CHALLENGE,
    'api-challenge-bare',
    'api-insufficient-scope',
  ),
  ...listCollateral('api-challenge-grammar:separator', UNREADABLE_CHALLENGE, 'api-insufficient-scope'),
  ...listCollateral(
    'api-invalid-token',
    'Where a made-up token is accepted, no other rule about its refusal holds.',
    'api-invalid-token-error',
    'api-two-methods',
    'userinfo-invalid-token',
  ),
  ...listCollateral(
    'api-expired-token',
    'A token that never expires is active for ever.',
    'introspect-expired',
  ),
  ...listCollateral('api-query-token', QUERY_READ, 'api-two-methods', 'userinfo-query-token'),
  ...listCollateral('userinfo-invalid-token', QUERY_READ, 'userinfo-query-token'),
  ...listCollateral(
    'api-id-token-refused',
    'A server that takes every JWT for a token takes forged ones.',
    'api-jwt-forged',
  ),
  ...listCollateral('pat-invalid', 'A revoked token is one that the server no longer knows.', 'pat-revoked'),
  ...listCollateral(
    'revoke-access-token',
    'A token that outlives its revocation is still active.',
    'introspect-revoked',
  ),
  ...listCollateral(
    'revoke-other-client',
    'A server that compares no clients compares no public ones.',
    'revoke-public-other',
  ),
  ...listCollateral(
    'introspect-unknown',
    'The answer about an unknown token is the same with a hint.',
    'introspect-hint-wrong',
  ),
  ...listCollateral('robust-authz-bytes-signed-in:response-mode', SERVER_ERROR, 'authz-error-characters'),
  ...listCollateral('robust-authz-values', SERVER_ERROR, 'authz-error-state', 'authz-error-characters'),
  ...listCollateral('robust-authz-values:id-token-hint', SERVER_ERROR, 'robust-authz-bytes-signed-in'),
  ...listCollateral(
    'userinfo-no-email-without-scope',
    'Userinfo that looks at no scope shows what was not asked for, before a refresh and after.',
    'refresh-scope-narrower',
    'userinfo-claims-unasked',
  ),
];
