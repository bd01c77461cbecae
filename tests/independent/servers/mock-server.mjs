/** oauth2-mock-server as its documentation starts it: a server for tests of applications, without any user. */
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, 'localhost');
process.stdout.write(`${JSON.stringify({ address: server.issuer.url })}\n`);
process.stdin.on('end', () => process.exit()).resume();
