/** A learner's own application, by a library that knows nothing of the tutorial. */
import * as oauth from 'oauth4webapi';
import type { Values } from '../../tutorial/lessons/values.js';

/**
 * A confidential client with state, nonce and proof key, which authenticates by HTTP Basic.
 * @returns where it sends the user, and what it does with the response
 */
export async function createApplication({
  ISSUER = '',
  CLIENT_ID = '',
  CLIENT_SECRET = '',
  REDIRECT_URI = '',
}: Values) {
  const options = { [oauth.allowInsecureRequests]: true };
  const issuer = new URL(ISSUER);
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' }),
  );
  const client = { client_id: CLIENT_ID };
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(server.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  return {
    url: url.href,
    redeem: async (response: URL) => {
      const parameters = oauth.validateAuthResponse(server, client, response, state);
      const basic = oauth.ClientSecretBasic(CLIENT_SECRET);
      const answer = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        basic,
        parameters,
        REDIRECT_URI,
        verifier,
        options,
      );
      const expected = { expectedNonce: nonce, requireIdToken: true };
      return (await oauth.processAuthorizationCodeResponse(server, client, answer, expected)).access_token;
    },
    call: async (token: string) => {
      const answer = await oauth.userInfoRequest(server, client, token, options);
      await oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, answer);
    },
  };
}
