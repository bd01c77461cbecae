/** @node-oauth/oauth2-server with Express by its own wrapper: plain OAuth 2.0, and no metadata. */
import OAuthServer from '@node-oauth/express-oauth-server';
import express from 'express';
import { addAccounts, CLIENTS, consentPage, serve } from './accounts.mjs';

const codes = new Map();
const accessTokens = new Map();
const refreshTokens = new Map();
const SCOPES = ['profile', 'email'];

const model = {
  async getClient(id, secret) {
    const client = CLIENTS.find((one) => one.id === id);
    if (client === undefined || (secret !== null && secret !== undefined && secret !== client.secret))
      return false;
    return { id, redirectUris: client.redirectUris, grants: ['authorization_code', 'refresh_token'] };
  },
  async saveAuthorizationCode(code, client, user) {
    const saved = { ...code, client, user };
    codes.set(code.authorizationCode, saved);
    return saved;
  },
  getAuthorizationCode: async (code) => codes.get(code),
  revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
  async saveToken(token, client, user) {
    const saved = { ...token, client, user };
    accessTokens.set(token.accessToken, saved);
    if (token.refreshToken !== undefined) refreshTokens.set(token.refreshToken, saved);
    return saved;
  },
  getAccessToken: async (token) => accessTokens.get(token),
  getRefreshToken: async (token) => refreshTokens.get(token),
  revokeToken: async ({ refreshToken }) => refreshTokens.delete(refreshToken),
  validateScope: async (_user, _client, scope = SCOPES.slice(0, 1)) =>
    scope.every((one) => SCOPES.includes(one)) ? scope : false,
  verifyScope: async (token, scope) => scope.every((one) => token.scope?.includes(one)),
};

const app = express();
const urlencoded = express.urlencoded({ extended: false });
const oauth = new OAuthServer({
  model,
  requireClientAuthentication: { authorization_code: false, refresh_token: false },
});
const sessionOf = addAccounts(app, urlencoded);

app.get('/authorize', async (req, res) => {
  const session = sessionOf(req);
  if (session === null) return res.redirect(303, `/login?next=${encodeURIComponent(req.originalUrl)}`);
  const client = await model.getClient(req.query.client_id, null);
  if (
    !client ||
    (req.query.redirect_uri !== undefined && !client.redirectUris.includes(req.query.redirect_uri))
  ) {
    return res.status(400).send('<h1>Error</h1><p>Unknown client or redirect URI.</p>');
  }
  return res.send(consentPage(req.query, session));
});
app.post('/authorize', urlencoded, (req, res, next) => {
  const session = sessionOf(req);
  if (session === null || req.body?.form_token !== session.formToken) {
    return res.status(403).send('<h1>Error</h1><p>This form has expired.</p>');
  }
  return oauth.authorize({ authenticateHandler: { handle: () => session.user } })(req, res, next);
});
app.post('/token', urlencoded, oauth.token());
app.get('/me', oauth.authenticate({ scope: ['profile'] }), (_req, res) =>
  res.json({ id: res.locals.oauth.token.user.id }),
);
serve(app);
