/** A client built with a library, for the play of the app lesson: it does what a learner's own app should. */
import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as oauth from 'oauth4webapi';
import { type Listening, listenOnLoopback } from '../../fixtures/sandbox/listen.js';

export interface AppOptions {
  readonly issuer: string;
  readonly client_id: string;
  readonly client_secret: string;
  /** On localhost; the app listens on its port. */
  readonly redirect_uri: string;
}

/** What has to come back to the browser that started the sign-in. */
interface Login {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const COOKIE = 'login';
/** The sandbox speaks http, on loopback alone. */
const HTTP = { [oauth.allowInsecureRequests]: true };

/** Signs in anyone who opens its address, calls userinfo and refreshes once. */
export async function startApp(options: AppOptions): Promise<Listening> {
  const { issuer, client_id, client_secret, redirect_uri } = options;
  const callback = new URL(redirect_uri);
  const client: oauth.Client = { client_id };
  const authentication = oauth.ClientSecretPost(client_secret);
  const waiting = new Map<string, Login>();

  async function discover(): Promise<oauth.AuthorizationServer> {
    const identifier = new URL(issuer);
    return oauth.processDiscoveryResponse(identifier, await oauth.discoveryRequest(identifier, HTTP));
  }

  async function begin(context: Context): Promise<Response> {
    const server = await discover();
    const login = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier: oauth.generateRandomCodeVerifier(),
    };
    const browser = randomBytes(24).toString('base64url');
    waiting.set(browser, login);
    setCookie(context, COOKIE, browser, { httpOnly: true, sameSite: 'Lax' });
    const query = new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'openid profile',
      state: login.state,
      nonce: login.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
    });
    return context.redirect(`${server.authorization_endpoint}?${query}`, 302);
  }

  async function finish(context: Context): Promise<Response> {
    const server = await discover();
    const browser = getCookie(context, COOKIE) ?? '';
    const login = waiting.get(browser);
    waiting.delete(browser);
    if (login === undefined) return context.text('This browser didn’t start a sign-in here.\n', 403);
    const answer = oauth.validateAuthResponse(server, client, new URL(context.req.url), login.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      answer,
      redirect_uri,
      login.verifier,
      HTTP,
    );
    const redeemed = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: login.nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, HTTP);
    const subject = oauth.getValidatedIdTokenClaims(redeemed)?.sub ?? oauth.skipSubjectCheck;
    const asked = await oauth.userInfoRequest(server, client, redeemed.access_token, HTTP);
    const { sub } = await oauth.processUserInfoResponse(server, client, subject, asked);
    const { refresh_token = '' } = redeemed;
    await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, authentication, refresh_token, HTTP),
    );
    return context.text(`Signed in as ${sub}.\n`);
  }

  const app = new Hono();
  app.get('/', begin);
  app.get(callback.pathname, finish);
  app.onError((problem, context) => context.text(`The sign-in failed: ${problem.message}\n`, 400));
  return listenOnLoopback(app.fetch, Number(callback.port));
}
