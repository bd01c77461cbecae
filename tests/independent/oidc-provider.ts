/**
 * The independent server: oidc-provider in a process of its own, strictly configured, with open registration.
 * It knows nothing of this project. Prints its issuer as one line of JSON when it listens; ends with its parent.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

const server = createServer();
server.listen(0, 'localhost');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('the server has no port');
const issuer = `http://localhost:${address.port}`;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const signingKey = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'independent' };

const configuration: Configuration = {
  jwks: { keys: [signingKey] },
  cookies: { keys: ['independent-server-cookie-key'] },
  scopes: ['openid', 'offline_access', 'email', 'profile'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  features: {
    registration: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: true },
  },
  pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 300,
    IdToken: 3600,
    RefreshToken: 86400,
    Session: 86400,
    Grant: 86400,
    Interaction: 3600,
  },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: id }),
  }),
};

const provider = new Provider(issuer, configuration);
server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ issuer })}\n`);

// The parent holds our standard input open; when it goes, so do we.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
