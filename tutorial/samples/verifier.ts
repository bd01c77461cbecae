/**
 * A verifier for the ID Tokens of lesson 7, to run and to copy. It reads a token from standard input, and ISSUER,
 * CLIENT_ID, NONCE and JWKS_URI from the environment. It exits with 0 if the token is valid.
 */
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER = '', CLIENT_ID = '', NONCE = '', JWKS_URI = '' } = process.env;

try {
  const token = (await text(process.stdin)).trim();
  // The keys come from the issuer; the token's header only says which of them to use.
  const keys = createRemoteJWKSet(new URL(JWKS_URI));
  const { payload } = await jwtVerify(token, keys, {
    issuer: ISSUER,
    audience: CLIENT_ID,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'exp', 'iat'],
    // Seconds, because two clocks never quite agree.
    clockTolerance: 30,
  });
  if (NONCE === '' || payload.nonce !== NONCE) throw new Error('the nonce isn’t the one that was sent');
  if (Array.isArray(payload.aud) && payload.aud.length > 1) throw new Error('it’s for other clients as well');
  process.stdout.write(`${payload.sub} signed in\n`);
} catch (problem) {
  process.stderr.write(`rejected: ${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exitCode = 1;
}
