/** Requirements that truly fall together: what else may go red on a defect, each with the reason. */

export interface Collateral {
  /** The name of the defect. */
  readonly defect: string;
  /** The other requirement that goes red with it. */
  readonly fails: string;
  /** Why no better check could tell the two apart, or why both are right to complain. */
  readonly because: string;
}

/** Several that go red on one defect, for the same reason. */
const collateralOf = (defect: string, because: string, ...reds: readonly string[]): readonly Collateral[] =>
  reds.map((red) => ({ defect, fails: red, because }));

const STRICT_SCENARIO =
  'The whole flow ends where a strict client stops, so anything wrong with the ID Token fails it.';

export const collateral: readonly Collateral[] = [
  ...collateralOf('discovery-issuer-match', STRICT_SCENARIO, 'authz-story'),
  ...collateralOf(
    'discovery-issuer-match',
    'A client compares iss with the issuer of the document, and the two now differ; nobody outside can say which is wrong.',
    'authz-iss',
    'idtoken-iss',
  ),
  ...collateralOf(
    'client-redirect-https',
    'A server that never looks at the scheme takes http in every spelling that another rule is about.',
    'client-redirect-localhost-lookalike',
    'client-redirect-userinfo',
    'client-redirect-loopback-ip',
    'client-redirect-host-forms',
  ),
  ...collateralOf(
    'authz-redirect-unregistered',
    'A server that compares nothing takes every URI that another rule changes in one place.',
    'client-redirect-wildcard',
    'authz-redirect-exact-path',
    'authz-redirect-exact-query',
    'authz-redirect-exact-origin',
    'authz-error-no-open-redirect',
  ),
  ...collateralOf(
    'token-code-single-use',
    'A code that works again also works several times at once.',
    'token-code-concurrent',
  ),
  ...collateralOf('idtoken-nonce', STRICT_SCENARIO, 'authz-story'),
  ...collateralOf(
    'pkce-verifier-wrong',
    'Where any verifier passes, it passes for confidential clients too.',
    'pkce-confidential',
  ),
  ...collateralOf(
    'userinfo-invalid-token',
    'A revoked token is one that the server does not know any more, and those get the claims of a default user.',
    'token-code-replay-revokes',
  ),
  ...collateralOf(
    'org-bound',
    'A token that reaches every organization still does after a refresh.',
    'org-refresh',
  ),
  ...collateralOf(
    'api-scope-enforced',
    'An API that looks at no scope looks at none of a personal access token either.',
    'pat-scope-enforced',
  ),
];
