/** @jmondi/oauth2-server with Express as its documentation shows it, and the metadata of RFC 8414. */
import { AuthorizationServer, DateInterval, generateRandomToken } from '@jmondi/oauth2-server';
import { handleExpressError, handleExpressResponse, requestFromExpress } from '@jmondi/oauth2-server/express';
import express from 'express';
import { addAccounts, CLIENTS, consentPage, serve } from './accounts.mjs';

const codes = new Map();
const tokens = new Map();
const SCOPES = ['profile', 'email'].map((name) => ({ name }));

const clients = {
  getByIdentifier: async (id) => {
    const client = CLIENTS.find((one) => one.id === id);
    if (client === undefined) throw new Error('There is no such client.');
    return {
      ...client,
      name: id,
      allowedGrants: ['authorization_code', 'refresh_token', 'client_credentials'],
      scopes: SCOPES,
    };
  },
  isClientValid: async (grant, client, secret) =>
    client.allowedGrants.includes(grant) && (client.secret === null || client.secret === secret),
};
const codeStore = {
  issueAuthCode: (client, user, scopes) => ({
    code: generateRandomToken(),
    expiresAt: new DateInterval('5m').getEndDate(),
    client,
    user,
    scopes,
  }),
  persist: async (code) => void codes.set(code.code, code),
  getByIdentifier: async (code) => codes.get(code),
  isRevoked: async (code) => codes.get(code)?.revoked !== undefined,
  revoke: async (code) => void Object.assign(codes.get(code) ?? {}, { revoked: true }),
};
const tokenStore = {
  issueToken: async (client, scopes, user) => ({
    accessToken: generateRandomToken(),
    accessTokenExpiresAt: new DateInterval('1h').getEndDate(),
    client,
    scopes,
    user,
  }),
  issueRefreshToken: async (token) =>
    Object.assign(token, {
      refreshToken: generateRandomToken(),
      refreshTokenExpiresAt: new DateInterval('30d').getEndDate(),
    }),
  persist: async (token) => void tokens.set(token.accessToken, token),
  revoke: async (token) => {
    const past = new Date(0);
    Object.assign(token, { accessTokenExpiresAt: past, refreshTokenExpiresAt: past });
    tokens.set(token.accessToken, token);
  },
  isRefreshTokenRevoked: async ({ refreshTokenExpiresAt: at }) =>
    at === undefined || at.getTime() < Date.now(),
  getByRefreshToken: async (value) => {
    const found = [...tokens.values()].find(({ refreshToken }) => refreshToken === value);
    if (found === undefined) throw new Error('There is no such refresh token.');
    return found;
  },
  getByAccessToken: async (value) => {
    const found = tokens.get(value);
    if (found === undefined) throw new Error('There is no such access token.');
    return found;
  },
};
const scopeStore = {
  getAllByIdentifiers: async (names) => SCOPES.filter(({ name }) => names.includes(name)),
  finalize: async (scopes) => scopes,
};
const authorization = new AuthorizationServer(clients, tokenStore, scopeStore, 'a secret of the test');
authorization.enableGrantTypes(
  {
    grant: 'authorization_code',
    userRepository: { getUserByCredentials: async (id) => ({ id }) },
    authCodeRepository: codeStore,
  },
  'refresh_token',
  // Revocation and introspection of access tokens are this grant's.
  'client_credentials',
);

const app = express();
const urlencoded = express.urlencoded({ extended: false });
const sessionOf = addAccounts(app, urlencoded);
const answered = (work) => async (req, res) => {
  try {
    handleExpressResponse(res, await work(req, res));
  } catch (error) {
    handleExpressError(error, res);
  }
};

app.get('/.well-known/oauth-authorization-server', (req, res) => {
  const issuer = `http://${req.headers.host}`;
  res.json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/token/revoke`,
    introspection_endpoint: `${issuer}/token/introspect`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['profile', 'email'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  });
});
app.get('/authorize', async (req, res) => {
  try {
    // It throws where the request is wrong.
    await authorization.validateAuthorizationRequest(requestFromExpress(req));
    const session = sessionOf(req);
    if (session === null) return res.redirect(303, `/login?next=${encodeURIComponent(req.originalUrl)}`);
    return res.send(consentPage(req.query, session));
  } catch (error) {
    return handleExpressError(error, res);
  }
});
app.post('/authorize', urlencoded, async (req, res) => {
  const session = sessionOf(req);
  if (session === null || req.body?.form_token !== session.formToken) {
    return res.status(403).send('<h1>Error</h1><p>This form has expired.</p>');
  }
  const { allowed, form_token: _, ...query } = req.body;
  return answered(async () => {
    const request = await authorization.validateAuthorizationRequest({ query, body: {}, headers: {} });
    request.user = session.user;
    request.isAuthorizationApproved = allowed === 'true';
    return authorization.completeAuthorizationRequest(request);
  })(req, res);
});
app.post(
  '/token',
  urlencoded,
  answered((req) => authorization.respondToAccessTokenRequest(requestFromExpress(req))),
);
app.post(
  '/token/revoke',
  urlencoded,
  answered((req) => authorization.revoke(requestFromExpress(req))),
);
app.post(
  '/token/introspect',
  urlencoded,
  answered((req) => authorization.introspect(requestFromExpress(req))),
);
serve(app);
