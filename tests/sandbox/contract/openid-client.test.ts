/** openid-client against the sandbox. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as client from 'openid-client';
import { CLIENT, provideSandbox, REDIRECT_URI, withDefect } from './provider.js';

describe('openid-client', () => {
  const provider = provideSandbox({ authorizationServerMetadata: true });

  const discover = (options: client.DiscoveryRequestOptions = {}) =>
    client.discovery(new URL(provider.issuer), CLIENT.client_id, CLIENT.client_secret, undefined, {
      execute: [client.allowInsecureRequests],
      ...options,
    });

  async function signIn(
    config: client.Configuration,
    allow = true,
  ): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
    });
    const location = await provider.sandbox.signIn({ url, as: 'alice', allow });
    return client.authorizationCodeGrant(config, new URL(location), {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
      idTokenExpected: true,
    });
  }

  it('signs in, reads userinfo, refreshes, introspects and revokes', async () => {
    const config = await discover();
    const tokens = await signIn(config);
    const claims = tokens.claims();
    assert.equal(claims?.name, 'Alice Example');
    const user = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
    assert.equal(user.email, 'alice@example.com');
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, true);
    await client.tokenRevocation(config, refreshed.access_token);
    assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, false);
  });

  it('reads the RFC 8414 document', async () => {
    const config = await discover({ algorithm: 'oauth2' });
    assert.equal(config.serverMetadata().issuer, provider.issuer);
  });

  it('reports that the user denied', async () => {
    await assert.rejects(signIn(await discover(), false), { error: 'access_denied' });
  });

  it('notices an expired access token', async () => {
    const config = await discover();
    const tokens = await signIn(config);
    await provider.sandbox.age(864_001, tokens.access_token);
    const sub = tokens.claims()?.sub ?? '';
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub), { status: 401 });
  });

  for (const defect of [
    'idtoken-exp',
    'idtoken-aud',
    'idtoken-nonce',
    'authz-iss',
    'authz-state-echo:other',
  ]) {
    it(`refuses a server that breaks ${defect}`, async () => {
      const config = await discover();
      await assert.rejects(withDefect(provider.sandbox, defect, () => signIn(config)));
    });
  }
});
