/**
 * The sandbox dressed up as today's Polar, judged with the settings of the preset: it fails what
 * `docs/polar-today.md` says, no more and no less.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSandbox, generateKeys, type Sandbox } from '../../fixtures/sandbox/index.js';
import { todaysPolar } from '../../fixtures/sandbox/variants/todays-polar/index.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { startReverseProxy } from './reverse-proxy.js';
import { findIds, findVerdicts, runOnSettings } from './run-suite.js';

/** Each one is in docs/polar-today.md with its clause. */
const RED: readonly string[] = [
  'authz-id-token-hint',
  'authz-loopback-port',
  'authz-max-age',
  'authz-max-age-zero',
  'authz-parameter-duplicate',
  'authz-post',
  'authz-prompt-none-signed-out',
  'authz-prompt-none-silent',
  'authz-redirect-missing',
  'authz-request-object',
  'client-delete-tokens',
  'client-grant-coherence',
  'client-management-refused',
  'client-redirect-fragment',
  'client-redirect-loopback-ip',
  'client-redirect-required',
  'client-redirect-script-scheme',
  'client-required-fields',
  'client-update-omitted',
  'discovery-issuer-match',
  'idtoken-nonce-unsent',
  'refresh-reuse-revokes',
  'refresh-scope-kept',
  'revoke-hint-unknown',
  'revoke-hint-wrong',
  'revoke-public-client',
  'token-auth-two-methods',
  'token-challenge-grammar',
  'token-code-replay-revokes',
  'token-grant-in-query',
  'token-parameter-repeated',
];

describe('Polar as it is today', () => {
  it('is judged with the preset, and fails where it deviates', async () => {
    const results = await judgeTodaysPolar(false);
    assert.deepEqual(findVerdicts(results, 'error'), []);
    assert.deepEqual(findIds(results, 'fail', 'warn'), RED);
  });

  it('answers before it commits', async () => {
    const results = await judgeTodaysPolar(true, '--only', 'token-valid-at-once');
    assert.deepEqual(findIds(results, 'fail', 'warn'), ['token-valid-at-once']);
  });
});

/** @param timing whether it also behaves in time as the real one does */
async function judgeTodaysPolar(timing: boolean, ...more: string[]) {
  const keys = await generateKeys();
  const { source: _named, ...preset } = loadTarget('polar');
  const { apiEndpoints = {}, settingsPages = {} } = preset;
  let sandbox: Sandbox | null = null;
  const reverseProxy = await startReverseProxy(
    ({ web, api }) => {
      const made = createSandbox({
        keys,
        issuer: web,
        aging: true,
        lifetimes: { refreshToken: null },
        deviations: todaysPolar({ issuer: web, web, api }, timing),
      });
      sandbox = made;
      return (request) => made.fetch(request);
    },
    {
      renamed: {
        [apiEndpoints.user?.path ?? '']: '/v1/users/benefit',
        [settingsPages.clients ?? '']: '/settings/clients',
      },
    },
  );
  try {
    assert.ok(sandbox !== null);
    const { users } = described(sandbox);
    const settings = {
      ...preset,
      issuer: reverseProxy.web,
      discovery: `${reverseProxy.api}/.well-known/openid-configuration`,
      api: reverseProxy.api,
      // Two organizations would claim tokens of organizations.
      users: {
        first: { username: users.first.username, password: users.first.password },
        second: { username: users.second.username, password: users.second.password },
      },
      time: { ageEndpoint: `${reverseProxy.api}/_sandbox/age` },
    };
    return (await runOnSettings(settings, ...more)).results;
  } finally {
    await reverseProxy.close();
  }
}

const described = (sandbox: Sandbox) => sandbox.target();
