/** What the sandbox publishes about itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { ISSUER, members, sandboxWith } from './browser.js';

const get = (path: string) => new Request(`${ISSUER}${path}`);

describe('sandbox metadata', () => {
  it('lists only what works, all below its own issuer', async () => {
    const response = await sandboxWith().fetch(get('/.well-known/openid-configuration'));
    const document = await members(response);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(document.issuer, ISSUER);
    for (const [name, value] of Object.entries(document)) {
      if (name.endsWith('_endpoint') || name === 'jwks_uri') {
        assert.ok(typeof value === 'string' && value.startsWith(`${ISSUER}/`), name);
      }
    }
    const promised = {
      authorization_endpoint: `${ISSUER}/oauth2/authorize`,
      token_endpoint: `${ISSUER}/v1/oauth2/token`,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    };
    for (const [name, value] of Object.entries(promised)) assert.deepEqual(document[name], value, name);
    assert.ok(Array.isArray(document.scopes_supported));
    assert.deepEqual(document.scopes_supported.slice(0, 3), ['openid', 'profile', 'email']);
  });

  it('is the same every time', async () => {
    const sandbox = sandboxWith();
    const read = async () => (await sandbox.fetch(get('/.well-known/openid-configuration'))).text();
    assert.equal(await read(), await read());
  });

  it('publishes one RSA key of 2048 bits, without its private part', async () => {
    const { keys } = await members(await sandboxWith().fetch(get('/.well-known/jwks.json')));
    assert.ok(Array.isArray(keys));
    assert.equal(keys.length, 1);
    const [key] = keys;
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    assert.equal(Buffer.from(key.n, 'base64url').length * 8, 2048);
  });

  it('generates keys once if none are given', async () => {
    const sandbox = createSandbox();
    const [first, second] = await Promise.all([
      sandbox.fetch(get('/.well-known/jwks.json')).then((response) => response.text()),
      sandbox.fetch(get('/.well-known/jwks.json')).then((response) => response.text()),
    ]);
    assert.equal(first, second);
  });

  it('lists the allowed methods of a path', async () => {
    const sandbox = sandboxWith();
    const discovery = await sandbox.fetch(
      new Request(`${ISSUER}/.well-known/openid-configuration`, { method: 'POST' }),
    );
    assert.deepEqual([discovery.status, discovery.headers.get('allow')], [405, 'GET']);
    const token = await sandbox.fetch(get('/v1/oauth2/token'));
    assert.deepEqual([token.status, token.headers.get('allow')], [405, 'POST']);
    assert.equal((await sandbox.fetch(get('/nowhere'))).status, 404);
  });
});
