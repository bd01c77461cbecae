/** Revocation (RFC 7009) and introspection (RFC 7662) at the sandbox. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  type Fields,
  form,
  ISSUER,
  isRefused,
  members,
  publicClient,
  type Registered,
  refresh,
  registered,
  sandboxWith,
  text,
  tokensOf,
  userinfo,
} from './visitor.js';

const sandbox = sandboxWith();
let client: Registered;
let other: Registered;
before(async () => {
  client = await registered(sandbox);
  other = await registered(sandbox);
});

const post = (path: string, fields: Fields) =>
  sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/${path}`, { method: 'POST', body: form(fields) }));
const by = ({ client_id, client_secret }: Registered): Fields => ({
  client_id,
  client_secret: client_secret === '' ? null : client_secret,
});
const revoke = (token: unknown, who = client, more: Fields = {}) =>
  post('revoke', { ...by(who), token: text(token), ...more });
const introspect = (token: unknown, who = client, more: Fields = {}) =>
  post('introspect', { ...by(who), token: text(token), ...more });
const active = async (response: Promise<Response>) => (await members(await response)).active;

describe('sandbox revocation', () => {
  it('ends an access token alone', async () => {
    const { access_token, refresh_token } = await tokensOf(sandbox, client);
    const response = await revoke(access_token);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '');
    assert.equal((await userinfo(sandbox, access_token)).status, 401);
    const refreshed = await refresh(sandbox, client, refresh_token);
    assert.equal(refreshed.status, 200);
    assert.equal((await userinfo(sandbox, (await members(refreshed)).access_token)).status, 200);
  });

  it('ends with a refresh token all that was granted, whatever the hint says', async () => {
    for (const hint of [null, 'refresh_token', 'access_token', 'no_such_type', '']) {
      const { access_token, refresh_token } = await tokensOf(sandbox, client);
      assert.equal((await revoke(refresh_token, client, { token_type_hint: hint })).status, 200);
      await isRefused(await refresh(sandbox, client, refresh_token), 400, 'invalid_grant');
      assert.equal((await userinfo(sandbox, access_token)).status, 401);
    }
  });

  it('answers 200 when there is nothing to end', async () => {
    const { refresh_token } = await tokensOf(sandbox, client);
    for (const token of ['never-issued', refresh_token, refresh_token]) {
      assert.equal((await revoke(token)).status, 200);
    }
  });

  it('wants the client that the token was issued to, authenticated', async () => {
    const { access_token, refresh_token } = await tokensOf(sandbox, client);
    for (const token of [access_token, refresh_token]) {
      await isRefused(await revoke(token, other), 400, 'invalid_grant');
      await isRefused(await revoke(token, client, { client_secret: null }), 401, 'invalid_client');
      await isRefused(await revoke(token, client, { client_secret: 'wrong' }), 401, 'invalid_client');
      await isRefused(
        await revoke(token, client, { client_id: null, client_secret: null }),
        401,
        'invalid_client',
      );
    }
    assert.equal((await userinfo(sandbox, access_token)).status, 200);
    assert.equal((await refresh(sandbox, client, refresh_token)).status, 200);
  });

  it('serves public clients by their client_id', async () => {
    const open = await publicClient(sandbox);
    assert.equal((await revoke('never-issued', open)).status, 200);
  });

  it('refuses a request without token, with two, and by GET', async () => {
    await isRefused(await post('revoke', by(client)), 400, 'invalid_request');
    await isRefused(await post('revoke', { ...by(client), token: ['a', 'b'] }), 400, 'invalid_request');
    const byGet = await sandbox.fetch(new Request(`${ISSUER}/v1/oauth2/revoke?token=a`));
    assert.deepEqual([byGet.status, byGet.headers.get('allow')], [405, 'POST']);
  });
});

describe('sandbox introspection', () => {
  it('describes an access token to its client', async () => {
    const { access_token, expires_in } = await tokensOf(sandbox, client, { scope: 'openid email' });
    const response = await introspect(access_token);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { exp, iat, ...told } = await members(response);
    const { sub } = await members(await userinfo(sandbox, access_token));
    assert.deepEqual(told, {
      active: true,
      iss: ISSUER,
      sub,
      aud: client.client_id,
      client_id: client.client_id,
      scope: 'openid email',
      token_type: 'Bearer',
    });
    assert.equal(Number(exp) - Number(iat), expires_in);
  });

  it('describes a refresh token until it is replaced, whatever the hint says', async () => {
    const { refresh_token } = await tokensOf(sandbox, client);
    for (const token_type_hint of [null, 'access_token', 'refresh_token', 'no_such_type']) {
      const told = await members(await introspect(refresh_token, client, { token_type_hint }));
      assert.equal(told.active, true);
      assert.ok(!('token_type' in told) && typeof told.exp === 'number');
    }
    assert.equal((await refresh(sandbox, client, refresh_token)).status, 200);
    assert.equal(await active(introspect(refresh_token)), false);
  });

  it('tells nothing but inactive of what is unknown, revoked or of another client', async () => {
    const { access_token, refresh_token } = await tokensOf(sandbox, client);
    assert.deepEqual(await members(await introspect('never-issued')), { active: false });
    assert.deepEqual(await members(await introspect(access_token, other)), { active: false });
    await revoke(access_token);
    assert.equal(await active(introspect(access_token)), false);
    assert.equal(await active(introspect(refresh_token)), true);
    await revoke(refresh_token);
    assert.equal(await active(introspect(refresh_token)), false);
  });

  it('tells inactive of what has expired', async () => {
    let now = Date.now();
    const aging = sandboxWith({ clock: () => now });
    const holder = await registered(aging);
    const { access_token } = await tokensOf(aging, holder);
    const ask = () =>
      aging.fetch(
        new Request(`${ISSUER}/v1/oauth2/introspect`, {
          method: 'POST',
          body: form({ ...by(holder), token: text(access_token) }),
        }),
      );
    assert.equal(await active(ask()), true);
    now += 864_000_000;
    assert.equal(await active(ask()), false);
  });

  it('wants a client with a secret', async () => {
    const { access_token } = await tokensOf(sandbox, client);
    const open = await publicClient(sandbox);
    for (const [who, changes] of [
      [client, { client_secret: 'wrong' }],
      [client, { client_secret: null }],
      [client, { client_id: null, client_secret: null }],
      [open, {}],
    ] as const) {
      await isRefused(await introspect(access_token, who, changes), 401, 'invalid_client');
    }
    await isRefused(await post('introspect', by(client)), 400, 'invalid_request');
  });
});
