/** What an optional endpoint is needed for on one path alone is left out where there is none; the rest is judged. */
import { after, describe, it } from 'node:test';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { CliRunner } from './cli.js';
import { assertPass } from './deviating-sandbox.js';

const OPTIONAL = /^(revocation|introspection|end_session)_endpoint/;

const FEWER_ENDPOINTS: Deviation = {
  how: 'There is no revocation, no introspection, and no way for clients to manage their records.',
  replace: (strict) => ({
    metadata: (issuer, scopes) =>
      Object.fromEntries(
        Object.entries(strict.metadata(issuer, scopes)).filter(([name]) => !OPTIONAL.test(name)),
      ),
    managementMembers: () => ({}),
  }),
};

describe('a server without optional endpoints', () => {
  const cli = new CliRunner();
  after(() => cli.remove());

  it('is judged by all that needs them on one path alone', () =>
    assertPass(
      cli,
      [FEWER_ENDPOINTS],
      [
        'api-invalid-token-error',
        'api-scheme-case',
        'client-error-format',
        'client-id-issued',
        'discovery-forwarded-headers',
        'discovery-grant-types',
        'discovery-jwks-kids',
        'userinfo-no-email-without-scope',
      ],
    ));
});
