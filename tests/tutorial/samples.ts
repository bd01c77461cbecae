/** A learner's state as tests need it. */
import type { ClientRecord } from '../../fixtures/sandbox/store/records.js';
import type { Saved } from '../../tutorial/tutorial-options.js';

export const client: ClientRecord = {
  client_id: 'polar_ci_sample',
  client_secret: 'polar_cs_sample',
  registration_access_token: 'polar_crt_sample',
  client_name: 'Sample',
  post_logout_redirect_uris: null,
  redirect_uris: ['http://localhost:4001/callback', 'http://localhost:40012/callback'],
  token_endpoint_auth_method: 'client_secret_post',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  scope: 'openid',
  client_uri: null,
  logo_uri: null,
  tos_uri: null,
  policy_uri: null,
  ownerId: null,
  issuedAt: 1_700_000_000_000,
};

export const saved: Saved = {
  current: 'exchange',
  progress: {
    exchange: {
      status: 'open',
      reached: ['redeemed'],
      hints: 1,
      solution: false,
      helped: false,
      guesses: { replayed: 2 },
      mistakes: { get: 1 },
    },
  },
  clients: [client],
  values: { CLIENT_ID: client.client_id, REDIRECT_URI: 'http://localhost:4001/callback' },
  ports: { issuer: 4000, page: 4001 },
};
