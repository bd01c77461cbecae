/** Registration, held to Polar's rules. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BODY, CALLBACK, isRefused, members, sandboxWith, sendRegistration } from './visitor.js';

const sandbox = sandboxWith();
const register = (changes: Readonly<Record<string, unknown>>) =>
  sendRegistration(sandbox, { ...BODY, ...changes });

describe('sandbox registration', () => {
  it('answers 201 with everything that is registered, as it was sent', async () => {
    const sent = {
      ...BODY,
      client_name: 'Café Ω 日本 🙂',
      redirect_uris: ['https://app.example.com', 'http://localhost:3000/callback?a=1'],
      client_uri: 'https://app.example.com/',
      logo_uri: 'https://app.example.com/logo.png',
      tos_uri: 'https://app.example.com/terms',
      policy_uri: 'https://app.example.com/privacy',
      x_unknown: { a: 1 },
    };
    const response = await sendRegistration(sandbox, sent);
    const {
      client_id,
      client_secret,
      client_id_issued_at,
      client_secret_expires_at,
      registration_access_token,
      registration_client_uri,
      ...rest
    } = await members(response);
    const { x_unknown: _ignored, ...metadata } = sent;
    assert.deepEqual(rest, {
      ...metadata,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(String(client_id), /^polar_ci_\w{20,}$/);
    assert.match(String(client_secret), /^polar_cs_\w{22,}$/);
    assert.match(String(registration_access_token), /^polar_crt_\w{22,}$/);
    assert.equal(registration_client_uri, `http://localhost/v1/oauth2/register/${String(client_id)}`);
    assert.ok(Number.isInteger(client_id_issued_at));
    assert.equal(client_secret_expires_at, 0);
  });

  it('gives a public client no secret', async () => {
    const body = await members(await register({ token_endpoint_auth_method: 'none' }));
    assert.equal(body.token_endpoint_auth_method, 'none');
    assert.ok(!('client_secret' in body) && !('client_secret_expires_at' in body));
  });

  for (const uri of [
    'https://a.example/cb?x=1',
    'http://localhost/cb',
    'http://localhost:3000/',
    'http://localhost',
  ]) {
    it(`accepts ${uri}`, async () => {
      const response = await register({ redirect_uris: [uri] });
      assert.deepEqual((await members(response)).redirect_uris, [uri]);
    });
  }

  for (const uri of [
    'http://app.example.com/cb',
    'HTTP://APP.EXAMPLE.COM/cb',
    'http://localhost.evil.example/cb',
    'http://notlocalhost/cb',
    'http://localhost@evil.example/cb',
    'http://localhost:80@evil.example/cb',
    'http://localhost\\@evil.example/cb',
    'http://evil.example/localhost',
    'http://127.0.0.1:3000/cb',
    'http://[::1]:3000/cb',
    'http://10.0.0.5/cb',
    'http://ｌocalhost/cb',
    'http://lоcalhost/cb',
    'https://user@app.example.com/cb',
    'https://app.example.com/cb#',
    'https://app.example.com/cb#part',
    'https://app.example.com/c b',
    'https://äpp.example/cb',
    'https:app.example.com/cb',
    'https://',
    '/callback',
    '//evil.example/cb',
    'app.example.com/cb',
    '',
    'JaVaScRiPt:alert(1)',
    'javascript://app.example.com/%0aalert(1)',
    'data:text/html,x',
    'file:///etc/hosts',
    'ftp://app.example.com/cb',
    'myapp://cb',
  ]) {
    it(`refuses the redirect URI "${uri}"`, async () => {
      await isRefused(await register({ redirect_uris: [CALLBACK, uri] }), 400, 'invalid_redirect_uri');
    });
  }

  for (const list of [undefined, null, [], 'https://a.example/cb', [1], [null], {}]) {
    it(`refuses ${JSON.stringify(list)} as redirect_uris`, async () => {
      await isRefused(await register({ redirect_uris: list }), 400, 'invalid_redirect_uri');
    });
  }

  for (const change of [
    { client_name: undefined },
    { client_name: ' ' },
    { client_name: { a: 1 } },
    { scope: 'openid no.such:scope' },
    { scope: 7 },
    { token_endpoint_auth_method: 'private_key_jwt' },
    { token_endpoint_auth_method: 1 },
    { grant_types: ['implicit'] },
    { grant_types: [] },
    { grant_types: 'authorization_code' },
    { response_types: ['token'] },
    { response_types: [] },
    { client_uri: 'javascript:alert(1)' },
    { logo_uri: 'data:image/png;base64,AA==' },
    { tos_uri: 'not a link' },
    { policy_uri: 5 },
  ]) {
    it(`refuses ${JSON.stringify(change)}`, async () => {
      await isRefused(await register(change), 400, 'invalid_client_metadata');
    });
  }

  for (const body of ['{"client_name":', '[]', 'null', '"x"', '', `${'['.repeat(5000)}${']'.repeat(5000)}`]) {
    it(`refuses the body ${body.slice(0, 20)}`, async () => {
      await isRefused(await sendRegistration(sandbox, body), 400, 'invalid_client_metadata');
    });
  }

  it('refuses what a form of another site could send', async () => {
    await isRefused(await sendRegistration(sandbox, BODY, 'text/plain'), 400, 'invalid_client_metadata');
  });

  it('is not impressed by __proto__', async () => {
    const body = `{"__proto__": {"client_name": "Ghost"}, "redirect_uris": ["${CALLBACK}"]}`;
    await isRefused(await sendRegistration(sandbox, body), 400, 'invalid_client_metadata');
  });
});
