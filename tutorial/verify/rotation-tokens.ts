/** ID Tokens for a verifier after a key rotation: of the new key, of the old one, and of an attacker. */
import { importJWK, type JWK } from 'jose';
import { generateKeys } from '../../fixtures/sandbox/index.js';
import type { Values } from '../lessons/values.js';
import { HOUR, signer, type TokensToVerify } from './tokens.js';

/**
 * @param key the private key that signs now
 * @param old the private key that signed before
 * @returns the tokens for the learner's client; null while there is no client
 */
export async function rotationTokensOf(
  values: Values,
  key: JWK,
  old: JWK,
  subject: string,
): Promise<TokensToVerify | null> {
  const { ISSUER: issuer, CLIENT_ID: clientId, NONCE: nonce, JWKS_URI: jwksUri } = values;
  if (issuer === undefined || clientId === undefined || nonce === undefined || jwksUri === undefined) {
    return null;
  }
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: subject,
    aud: clientId,
    iat: now,
    exp: now + HOUR,
    auth_time: now,
    nonce,
  };
  const [attacker = key] = (await generateKeys()).published;
  const sign = async (header: JWK, signing: JWK): Promise<string> =>
    signer(header, await importJWK(signing, 'RS256'))(claims);
  return {
    issuer,
    clientId,
    nonce,
    jwksUri,
    tokens: [
      { kind: 'good', token: await sign(key, key) },
      { kind: 'old-key', token: await sign(old, old) },
      { kind: 'unknown-kid', token: await sign({ ...attacker, kid: 'key-of-an-attacker' }, attacker) },
      { kind: 'borrowed-kid', token: await sign(key, attacker) },
    ],
  };
}
