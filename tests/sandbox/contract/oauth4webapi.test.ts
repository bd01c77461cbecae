/** oauth4webapi against the sandbox. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as oauth from 'oauth4webapi';
import { CLIENT, createProofKey, provideSandbox, REDIRECT_URI, withDefect } from './provider.js';

describe('oauth4webapi', () => {
  const provider = provideSandbox();
  const insecure = { [oauth.allowInsecureRequests]: true };
  const app: oauth.Client = { client_id: CLIENT.client_id };
  const secret = oauth.ClientSecretPost(CLIENT.client_secret);

  async function signIn(allow = true) {
    const issuer = new URL(provider.issuer);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const { verifier, challenge } = createProofKey();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(as.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: REDIRECT_URI,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }).toString();
    const location = new URL(await provider.sandbox.signIn({ url, allow }));
    const params = oauth.validateAuthResponse(as, app, location, state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      app,
      secret,
      params,
      REDIRECT_URI,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, app, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    return { as, tokens };
  }

  it('signs in, and reads userinfo', async () => {
    const { as, tokens } = await signIn();
    const sub = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? '';
    const response = await oauth.userInfoRequest(as, app, tokens.access_token, insecure);
    const user = await oauth.processUserInfoResponse(as, app, sub, response);
    assert.equal(user.email, 'alice@example.com');
  });

  it('reports that the user denied', async () => {
    await assert.rejects(signIn(false), { error: 'access_denied' });
  });

  it('notices a reused refresh token', async () => {
    const { as, tokens } = await signIn();
    const refresh = () =>
      oauth.refreshTokenGrantRequest(as, app, secret, tokens.refresh_token ?? '', insecure);
    await oauth.processRefreshTokenResponse(as, app, await refresh());
    await assert.rejects(async () => oauth.processRefreshTokenResponse(as, app, await refresh()), {
      error: 'invalid_grant',
    });
  });

  it('refuses an ID Token signed with another key', async () => {
    await assert.rejects(
      withDefect(provider.sandbox, 'idtoken-signature', () => signIn()),
      /signature/,
    );
  });
});
