/** Refreshing: rotation, binding and scope. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  exchange,
  isRefused,
  members,
  proofKey,
  publicClient,
  type Registered,
  refresh,
  registered,
  sandboxWith,
  tokensOf,
  userinfo,
  Visitor,
} from './visitor.js';

const sandbox = sandboxWith();
let client: Registered;
before(async () => {
  client = await registered(sandbox);
});

describe('sandbox refresh', () => {
  it('gives new tokens that work, with the scope of the grant', async () => {
    const first = await tokensOf(sandbox, client);
    const response = await refresh(sandbox, client, first.refresh_token);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const second = await members(response);
    assert.equal(second.scope, 'openid email');
    assert.equal(second.expires_in, 864_000);
    assert.notEqual(second.access_token, first.access_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await userinfo(sandbox, second.access_token)).status, 200);
  });

  it('takes the grant away when a replaced token comes again, and no other grant', async () => {
    const parallel = await tokensOf(sandbox, client);
    const first = await tokensOf(sandbox, client);
    const second = await members(await refresh(sandbox, client, first.refresh_token));
    await isRefused(await refresh(sandbox, client, first.refresh_token), 400, 'invalid_grant');
    await isRefused(await refresh(sandbox, client, second.refresh_token), 400, 'invalid_grant');
    assert.equal((await userinfo(sandbox, second.access_token)).status, 401);
    assert.equal((await refresh(sandbox, client, parallel.refresh_token)).status, 200);
  });

  it('replaces a token once, however many use it at the same time', async () => {
    const { refresh_token } = await tokensOf(sandbox, client);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => refresh(sandbox, client, refresh_token)),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  it('needs no secret of a public client, and its name all the same', async () => {
    const spa = await publicClient(sandbox);
    const { verifier, challenge } = proofKey();
    const code = await new Visitor(sandbox).code(spa, challenge);
    const { refresh_token } = await members(await exchange(sandbox, spa, code, { code_verifier: verifier }));
    const nameless = refresh(sandbox, spa, refresh_token, { client_id: null });
    await isRefused(await nameless, 401, 'invalid_client');
    assert.equal((await refresh(sandbox, spa, refresh_token)).status, 200);
  });

  it('is for the client of the token alone, and for nobody without the secret', async () => {
    const { refresh_token } = await tokensOf(sandbox, client);
    const other = await registered(sandbox);
    await isRefused(await refresh(sandbox, other, refresh_token), 400, 'invalid_grant');
    const secretless = refresh(sandbox, client, refresh_token, { client_secret: null });
    await isRefused(await secretless, 401, 'invalid_client');
    assert.equal((await refresh(sandbox, client, refresh_token)).status, 200);
  });

  it('never widens the scope, and narrows it for the access token alone', async () => {
    const narrow = await tokensOf(sandbox, client, { scope: 'openid' });
    const wider = refresh(sandbox, client, narrow.refresh_token, { scope: 'openid email' });
    await isRefused(await wider, 400, 'invalid_scope');
    const same = refresh(sandbox, client, narrow.refresh_token, { scope: '' });
    assert.equal((await members(await same)).scope, 'openid');

    const wide = await tokensOf(sandbox, client);
    const narrowed = await members(await refresh(sandbox, client, wide.refresh_token, { scope: 'openid' }));
    assert.equal(narrowed.scope, 'openid');
    assert.ok(!('email' in (await members(await userinfo(sandbox, narrowed.access_token)))));
    const again = await members(await refresh(sandbox, client, narrowed.refresh_token));
    assert.equal(again.scope, 'openid email');
  });

  it('refuses what is no refresh token', async () => {
    const { access_token } = await tokensOf(sandbox, client);
    await isRefused(await refresh(sandbox, client, 'polar_rt_u_unknown'), 400, 'invalid_grant');
    await isRefused(await refresh(sandbox, client, access_token), 400, 'invalid_grant');
    await isRefused(await refresh(sandbox, client, ''), 400, 'invalid_request');
  });

  it('outlives the access token, and ends when its own time is up', async () => {
    let now = 1_800_000_000_000;
    const lifetimes = { accessToken: 60, refreshToken: 100 };
    const timed = sandboxWith({ clock: () => now, lifetimes });
    const own = await registered(timed);
    const [used, unused] = [await tokensOf(timed, own), await tokensOf(timed, own)];
    now += 61_000;
    assert.equal((await userinfo(timed, used.access_token)).status, 401);
    const fresh = await members(await refresh(timed, own, used.refresh_token));
    assert.equal(fresh.expires_in, 60);
    assert.equal((await userinfo(timed, fresh.access_token)).status, 200);
    now += 40_000;
    await isRefused(await refresh(timed, own, unused.refresh_token), 400, 'invalid_grant');
  });
});
