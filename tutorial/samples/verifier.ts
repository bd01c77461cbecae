/**
 * A verifier for the ID Tokens of lesson 7, to run and to copy: a token on standard input, ISSUER, CLIENT_ID, NONCE
 * and JWKS_URI in the environment; exit code 0 when the token is good.
 */
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER = '', CLIENT_ID = '', NONCE = '', JWKS_URI = '' } = process.env;

try {
  const token = (await text(process.stdin)).trim();
  // The keys come from the issuer, and the header of the token only says which of them it is.
  const keys = createRemoteJWKSet(new URL(JWKS_URI));
  const { payload } = await jwtVerify(token, keys, {
    issuer: ISSUER,
    audience: CLIENT_ID,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'exp', 'iat'],
    // Seconds: two clocks are never quite the same.
    clockTolerance: 30,
  });
  if (NONCE === '' || payload.nonce !== NONCE) throw new Error('the nonce is not the one that was sent');
  if (Array.isArray(payload.aud) && payload.aud.length > 1) throw new Error('it is for others as well');
  process.stdout.write(`${payload.sub} has signed in\n`);
} catch (problem) {
  process.stderr.write(`refused: ${problem instanceof Error ? problem.message : String(problem)}\n`);
  process.exitCode = 1;
}
