/**
 * The sandbox dressed up as today's Polar, judged with the settings of the preset: what is red is what
 * `docs/polar-today.md` says, no more and no less.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSandbox, generateKeys, type Sandbox } from '../../fixtures/sandbox/index.js';
import { todaysPolar } from '../../fixtures/sandbox/variants/todays-polar/index.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { startReverseProxy } from './reverse-proxy.js';
import { findIds, findVerdicts, runOnSettings } from './run-suite.js';

/** Each one stands in docs/polar-today.md with its clause. */
const RED: readonly string[] = [
  'authz-max-age',
  'authz-parameter-duplicate',
  'authz-prompt-none-signed-out',
  'authz-prompt-none-silent',
  'authz-redirect-missing',
  'authz-request-object',
  'client-grant-coherence',
  'client-redirect-loopback-ip',
  'client-redirect-script-scheme',
  'client-required-fields',
  'discovery-issuer-match',
  'idtoken-nonce-unsent',
  'refresh-reuse-revokes',
  'refresh-scope-kept',
  'revoke-hint-unknown',
  'revoke-hint-wrong',
  'token-auth-two-methods',
  'token-code-replay-revokes',
  'token-credentials-in-query',
  'token-parameter-repeated',
];

describe('Polar as it is today', () => {
  it('is judged with the preset, and red where it deviates', async () => {
    const keys = await generateKeys();
    const { source: _named, ...preset } = loadTarget('polar');
    const { apiEndpoints = {}, settingsPages = {} } = preset;
    let sandbox: Sandbox | null = null;
    const front = await startReverseProxy(
      ({ web, api }) => {
        const made = createSandbox({
          keys,
          issuer: web,
          aging: true,
          lifetimes: { refreshToken: null },
          deviations: todaysPolar({ issuer: web, web, api }),
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
      const { results } = await runOnSettings({
        ...preset,
        issuer: front.web,
        discovery: `${front.api}/.well-known/openid-configuration`,
        api: front.api,
        // Without organizations: two of them would claim tokens of organizations.
        users: {
          first: { username: users.first.username, password: users.first.password },
          second: { username: users.second.username, password: users.second.password },
        },
        time: { ageEndpoint: `${front.api}/_sandbox/age` },
      });
      assert.deepEqual(findVerdicts(results, 'error'), []);
      assert.deepEqual(findIds(results, 'fail', 'warn'), RED);
    } finally {
      await front.close();
    }
  });
});

const described = (sandbox: Sandbox) => sandbox.target();
