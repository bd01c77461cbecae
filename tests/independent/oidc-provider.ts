/**
 * The independent server: oidc-provider in a process of its own, strictly configured, with open registration.
 * It knows nothing of this project. Prints its address as one line of JSON when it listens; ends with its parent.
 *
 * Argument: the issuer, where it is not the address itself (a proxy in front).
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { interactions } from './interactions.js';

const server = createServer();
server.listen(0, 'localhost');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('the server has no port');
const own = `http://localhost:${address.port}`;
const issuer = process.argv[2] ?? own;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const signingKey = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'independent' };

const configuration: Configuration = {
  jwks: { keys: [signingKey] },
  // By POST the authorization endpoint answers only with this, and this only with cookies for every site.
  enableHttpPostMethods: true,
  cookies: { keys: ['independent-server-cookie-key'], long: { sameSite: 'none' } },
  scopes: ['openid', 'offline_access', 'email', 'profile'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 300,
    IdToken: 3600,
    RefreshToken: 86_400,
    Session: 86_400,
    Grant: 86_400,
    Interaction: 3600,
  },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: id }),
  }),
};

const provider = new Provider(issuer, configuration);
provider.proxy = issuer !== own;
// A browser takes cookies for every site over https alone, and we are on http: so they go without that word.
provider.use(async (ctx, next) => {
  await next();
  const cookies: unknown = ctx.response.get('set-cookie');
  if (Array.isArray(cookies)) {
    ctx.set(
      'set-cookie',
      cookies.map((cookie) => String(cookie).replace(/; *samesite=none/i, '')),
    );
  }
});
provider.use(interactions(provider));
server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ issuer, address: own })}\n`);

// The parent holds our standard input open; when it goes, so do we.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
