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
    'userinfo-invalid-token',
    'A revoked token is one that the server does not know any more, and those get the claims of a default user.',
    'token-code-replay-revokes',
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
];
