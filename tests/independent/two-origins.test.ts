/** The sandbox behind a reverse proxy: a base path in the issuer, pages on one origin and the rest on another. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSandbox, generateKeys, type Sandbox } from '../../fixtures/sandbox/index.js';
import { startReverseProxy } from './reverse-proxy.js';
import { findIds, findVerdicts, runOnSettings } from './run-suite.js';

const BASE = '/tenant';

describe('a server with a base path and two origins', () => {
  it('conforms with a target file alone', async () => {
    const keys = await generateKeys();
    let sandbox: Sandbox | null = null;
    const reverseProxy = await startReverseProxy(
      ({ web, api }) => {
        const made = createSandbox({
          keys,
          issuer: api,
          aging: true,
          deviations: [
            {
              how: 'The authorization page is at a different origin from the rest.',
              replace: (strict) => ({
                metadata: (issuer, scopes) => ({
                  ...strict.metadata(issuer, scopes),
                  authorization_endpoint: `${web}/oauth2/authorize`,
                }),
              }),
            },
          ],
        });
        sandbox = made;
        return (request) => made.fetch(request);
      },
      { base: BASE },
    );
    try {
      const target = described(sandbox);
      const { settingsPages } = target;
      const { code, verdict, results } = await runOnSettings({
        ...target,
        name: 'two origins',
        settingsPages: {
          clients: `${BASE}${settingsPages.clients}`,
          tokens: `${BASE}${settingsPages.tokens}`,
        },
      });
      assert.deepEqual(findVerdicts(results, 'fail', 'warn', 'blocked', 'error', 'not-tested'), []);
      // Polar registers no loopback IP literal, and its server offers no plain challenge.
      assert.deepEqual(findIds(results, 'not-applicable'), ['authz-loopback-port', 'pkce-plain-offered']);
      // Every secret of the sandbox has a prefix that tells its kind; ids of clients are no secret.
      const text = JSON.stringify(results);
      assert.deepEqual(text.match(/polar_(?!ci_)[a-z]+_(?:[uo]_)?[A-Za-z0-9]{8,}/g), null);
      assert.doesNotMatch(text, /(alice|bob)-in-the-sandbox/);
      assert.ok(findIds(results, 'pass').length > 200, `only ${findIds(results, 'pass').length} passed`);
      assert.equal(verdict, 'conforming');
      assert.equal(code, 0);
    } finally {
      await reverseProxy.close();
    }
  });
});

function described(sandbox: Sandbox | null) {
  assert.ok(sandbox !== null);
  return sandbox.target();
}
