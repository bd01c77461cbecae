/** The steps of the lesson on the learner's app: an address for the app, a client for it, and the app itself. */
import { createServer } from 'node:net';
import type { Learner } from '../../learner/learner.js';
import { startApp } from '../../samples/app.js';
import type { Recipe } from '../recipe.js';
import { authorize, registerConfidential } from '../steps.js';

export const registerApp: Recipe = {
  ...registerConfidential,
  note: 'register a client for your app',
  json: { ...registerConfidential.json, client_name: 'My own app', redirect_uris: ['{APP_CALLBACK}'] },
};

export const openApp: Recipe = {
  note: 'start your app and open it',
  method: 'GET',
  url: '{APP}',
  browser:
    'Start your app first. For the starter, in another terminal: run npx polar-conformance tutorial starter my-app, then the eval line that the tutorial shows, then node my-app/app.mjs. Then open this address, sign in as alice@example.com with the password alice-in-the-sandbox, and click Allow.',
};

/** The request that a well-written app makes. */
export const authorizeApp: Recipe = {
  ...authorize,
  query: {
    ...authorize.query,
    nonce: '{NONCE}',
    code_challenge: '{CODE_CHALLENGE}',
    code_challenge_method: 'S256',
  },
};

/** An address for the app: that of its client if there is one, otherwise a free port on this machine. */
export async function seedAddress(learner: Learner): Promise<void> {
  const { APP, REDIRECT_URI = '', VICTIM = '' } = await learner.values();
  if (APP !== undefined) return;
  const { hostname, origin } = new URL(REDIRECT_URI);
  const isOfApp = hostname === 'localhost' && origin !== new URL(VICTIM).origin;
  const app = isOfApp ? origin : `http://localhost:${await freePort()}`;
  learner.learn({ APP: app, APP_CALLBACK: isOfApp ? REDIRECT_URI : `${app}/callback` });
}

/** @returns a port of this machine that nothing listens on */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('No port is free on this machine.')),
      );
    });
  });
}

/** Registers a client, starts an app for it, and signs in there. */
export async function runApp(learner: Learner): Promise<void> {
  await learner.send(registerApp);
  const { ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '', REDIRECT_URI = '' } = await learner.values();
  const app = await startApp({
    issuer: ISSUER,
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uri: REDIRECT_URI,
  });
  try {
    await learner.open(openApp);
  } finally {
    await app.close();
  }
}
