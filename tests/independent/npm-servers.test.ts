/**
 * Three servers from npm that nobody here wrote, each judged by its target file alone: what is red on them is red
 * every time, and docs/independent.md says why. Nothing ends as an error, and what is blocked has an owner that failed.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type NpmServer, type NpmServerName, startNpmServer } from './npm-servers.js';
import { findIds, findVerdicts, runOnFile, type SuiteRun } from './run-suite.js';

interface Expected {
  readonly profile: string;
  readonly failed: readonly string[];
  readonly warned: readonly string[];
  /** At least so many requirements have a verdict. */
  readonly judged: number;
}

const SERVERS: Readonly<Record<NpmServerName, Expected>> = {
  'mock-server': {
    profile: 'oidc',
    failed: [
      'authz-client-unknown',
      'authz-redirect-unregistered',
      'authz-redirect-exact-path',
      'authz-redirect-exact-query',
      'authz-redirect-exact-origin',
      'authz-redirect-confusion',
      'authz-error-no-open-redirect',
      'authz-prompt-none-silent',
      'authz-post',
      'authz-request-object',
      'token-auth-missing',
      'token-auth-unknown-client',
      'token-client-credentials',
      'token-code-single-use',
      'token-code-client-bound',
      'token-redirect-mismatch',
      'token-parameter-empty',
      'token-grant-type-unsupported',
      'token-error-format',
      'idtoken-auth-time',
      'refresh-scope-wider',
      'refresh-client-bound',
      'refresh-client-auth',
      'refresh-invalid',
      'refresh-token-altered',
      'refresh-access-token-refused',
      'pkce-verifier-missing',
      'pkce-confidential',
      'api-missing-token',
      'api-invalid-token',
      'api-refresh-token-refused',
      'api-id-token-refused',
      'api-jwt-forged',
      'revoke-refresh-token',
      'revoke-client-auth',
      'revoke-hint-wrong',
      'introspect-auth',
      'introspect-unknown',
      'introspect-revoked',
      'introspect-hint-wrong',
      'userinfo-post',
      'userinfo-invalid-token',
      'robust-cors-credentials',
    ],
    warned: [
      'discovery-grant-types',
      'discovery-recommended',
      'authz-error-at-client',
      'authz-prompt-select-account',
      'authz-parameter-duplicate',
      'token-id-token-unasked',
      'token-code-replay-revokes',
      'token-grant-in-query',
      'token-parameter-repeated',
      'api-invalid-token-error',
      'api-malformed-header',
      'api-two-methods',
      'revoke-access-token',
      'revoke-hint-unknown',
      'revoke-token-missing',
      'introspect-no-store',
      'userinfo-query-token',
      'robust-nosniff',
    ],
    judged: 140,
  },
  'node-oauth': {
    profile: 'oauth',
    failed: [
      'authz-state-optional',
      'consent-deny',
      'token-auth-missing',
      'token-auth-basic-encoding',
      'token-redirect-mismatch',
      'token-parameter-empty',
      'refresh-client-auth',
      'refresh-scope-kept',
      'pkce-method-default',
      'api-scheme-case',
      'api-missing-token',
      'api-invalid-token',
    ],
    warned: [
      'authz-parameter-duplicate',
      'token-auth-two-methods',
      'refresh-reuse-revokes',
      'api-invalid-token-error',
      'api-insufficient-scope',
    ],
    judged: 95,
  },
  jmondi: {
    profile: 'oauth',
    failed: [
      'authz-redirect-exact-query',
      'authz-redirect-exact-origin',
      'authz-redirect-confusion',
      'consent-deny',
      'token-scope-accurate',
      'token-auth-basic-wrong',
      'token-auth-unknown-client',
      'token-client-credentials',
      'token-basic-scheme-case',
      'token-auth-basic-encoding',
      'token-code-single-use',
      'token-code-client-bound',
      'token-redirect-mismatch',
      'token-parameter-empty',
      'token-error-format',
      'refresh-client-bound',
      'refresh-invalid',
      'refresh-access-token-refused',
      'refresh-replaced-error',
      'refresh-scope-kept',
      'revoke-refresh-token',
      'revoke-client-auth',
      'revoke-hint-wrong',
      'introspect-claims',
      'introspect-auth',
    ],
    warned: [
      'discovery-foreign-host',
      'authz-error-at-client',
      'authz-parameter-duplicate',
      'token-public-secret',
      'token-auth-two-methods',
      'refresh-reuse-revokes',
      'revoke-hint-unknown',
      'revoke-token-missing',
      'introspect-hint-unknown',
      'introspect-no-store',
      'robust-authz-bytes',
      'robust-authz-bytes-signed-in',
    ],
    judged: 103,
  },
};

const NAMES: readonly NpmServerName[] = ['mock-server', 'node-oauth', 'jmondi'];

for (const name of NAMES) {
  describe(`${name}, from npm`, () => {
    const { profile, failed, warned, judged } = SERVERS[name];
    let server: NpmServer;
    let run: SuiteRun;
    before(async () => {
      server = await startNpmServer(name);
      run = await runOnFile(server.targetFile, server.folder);
    });
    after(() => server.close());

    it('fails what its clauses forbid, and nothing else', () => {
      assert.deepEqual(findIds(run.results, 'fail'), [...failed].sort());
      assert.deepEqual(findIds(run.results, 'warn'), [...warned].sort());
      assert.equal(run.code, 1);
    });

    it('has no errors, and nothing is blocked by an owner that passed', () => {
      assert.deepEqual(findVerdicts(run.results, 'error'), []);
      const failing = new Set(findIds(run.results, 'fail', 'warn'));
      const orphans = run.results.filter(
        ({ status, blockedBy }) => status === 'blocked' && !failing.has(String(blockedBy)),
      );
      assert.deepEqual(
        orphans.map(({ id }) => id),
        [],
      );
    });

    it(`is judged by profile ${profile}, by most of what it binds`, () => {
      assert.equal(run.profile, profile);
      assert.ok(findIds(run.results, 'pass', 'fail', 'warn').length >= judged);
    });

    it('has every failure in docs/independent.md', () => {
      const page = readFileSync(new URL('../../../docs/independent.md', import.meta.url), 'utf8');
      for (const id of [...failed, ...warned]) assert.ok(page.includes(`\`${id}\``), id);
      const counted = `| ${failed.length} and ${warned.length} warnings, below |`;
      assert.ok(page.includes(counted), counted);
    });
  });
}
