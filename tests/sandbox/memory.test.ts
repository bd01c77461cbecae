/** However much it issues, the sandbox keeps no more than what somebody can still use. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { members, sandboxWith } from './browser.js';

const HOUR_MS = 3_600_000;
const CALLBACK = 'http://127.0.0.1:3000/callback';
const CLIENT = { client_id: 'app', client_secret: 'secret', redirect_uris: [CALLBACK] };

describe('memory of the sandbox', () => {
  it('is bounded for a client that only refreshes', async () => {
    let now = Date.now();
    const lifetimes = { accessToken: 60, refreshToken: 7_200 };
    const sandbox = sandboxWith({ clients: [CLIENT], clock: () => now, lifetimes });
    let refresh_token = (await sandbox.issueTokens({ scope: 'openid' })).refresh_token ?? '';
    for (let count = 0; count < 2_400; count += 1) {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token,
        client_id: CLIENT.client_id,
        client_secret: CLIENT.client_secret,
      });
      const answer = await sandbox.fetch(
        new Request('http://localhost/v1/oauth2/token', { method: 'POST', body }),
      );
      refresh_token = String((await members(answer)).refresh_token);
      now += HOUR_MS / 200;
    }
    const { accessTokens, refreshTokens } = sandbox.snapshot();
    // Three hours of refresh tokens are known, at 200 an hour, and what came since the last sweep.
    assert.ok(accessTokens.length <= 1_000, `${accessTokens.length} access tokens`);
    assert.ok(refreshTokens.length <= 1_500, `${refreshTokens.length} refresh tokens`);
    assert.ok(refreshTokens.some(({ value }) => value === refresh_token));
  });

  it('is bounded for visitors who never sign in', async () => {
    const sandbox = sandboxWith();
    for (let count = 0; count < 4_000; count += 1) {
      await sandbox.fetch(new Request('http://localhost/settings'));
    }
    assert.ok(sandbox.snapshot().sessions.length <= 2_000);
  });

  it('keeps a session that somebody signed in with, whatever else comes', async () => {
    const sandbox = sandboxWith({ clients: [CLIENT] });
    const url = `http://localhost/oauth2/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: CLIENT.client_id,
      redirect_uri: CALLBACK,
      scope: 'openid',
    })}`;
    await sandbox.signIn({ url });
    for (let count = 0; count < 3_000; count += 1) {
      await sandbox.fetch(new Request('http://localhost/settings'));
    }
    assert.equal(sandbox.snapshot().sessions.filter(({ userId }) => userId !== null).length, 1);
  });
});
