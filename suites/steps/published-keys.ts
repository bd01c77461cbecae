/** Published keys: which fit an algorithm, and which verify an ID Token. */
import { compactVerify, errors, importJWK, type JWK } from 'jose';
import type { DecodedIdToken } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';

export type Key = Readonly<Record<string, unknown>>;

/** RFC 7518 sections 3.3 and 3.5. */
export const LEAST_RSA_BITS = 2048;
const PUBLIC_MEMBERS: readonly string[] = ['kty', 'n', 'e', 'crv', 'x', 'y'];

/** What an asymmetric algorithm needs of a key (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 8812 section 3). */
export const KEYS_OF_ALGORITHMS: readonly (readonly [algorithm: RegExp, kty: string, crv?: RegExp])[] = [
  [/^(RS|PS)(256|384|512)$/, 'RSA'],
  [/^ES256$/, 'EC', /^P-256$/],
  [/^ES384$/, 'EC', /^P-384$/],
  [/^ES512$/, 'EC', /^P-521$/],
  [/^ES256K$/, 'EC', /^secp256k1$/],
  [/^EdDSA$/, 'OKP', /^Ed(25519|448)$/],
  [/^Ed25519$/, 'OKP', /^Ed25519$/],
  [/^Ed448$/, 'OKP', /^Ed448$/],
];

/** @returns whether the key may verify signatures of this algorithm; an unknown algorithm fits every key */
export function fitsAlgorithm(key: Key, alg: string): boolean {
  const known = KEYS_OF_ALGORITHMS.find(([algorithm]) => algorithm.test(alg));
  if (known === undefined) return isForSigning(key) && (key.alg === undefined || key.alg === alg);
  const [, kty, crv] = known;
  const fits = key.kty === kty && (crv === undefined || (typeof key.crv === 'string' && crv.test(key.crv)));
  return fits && isForSigning(key) && (key.alg === undefined || key.alg === alg);
}

/** use and key_ops (RFC 7517 sections 4.2 and 4.3); if absent, they restrict nothing. */
export function isForSigning({ use, key_ops: operations }: Key): boolean {
  return (
    (use === undefined || use === 'sig') &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify')))
  );
}

/** @returns the length of an RSA key, null for a key of another kind */
export function rsaBits({ kty, n }: Key): number | null {
  return kty === 'RSA' && typeof n === 'string' ? bitLength(Buffer.from(n, 'base64url')) : null;
}

function bitLength(modulus: Buffer): number {
  const start = modulus.findIndex((byte) => byte !== 0);
  if (start < 0) return 0;
  return (modulus.length - start - 1) * 8 + (32 - Math.clz32(modulus[start] ?? 0));
}

/** The published keys that verify the token. If none does, the set is fetched again, since keys rotate. */
export async function verifyingKeys(
  flow: Flow,
  { header, compact }: DecodedIdToken,
): Promise<readonly (CryptoKey | Uint8Array)[]> {
  const found: (CryptoKey | Uint8Array)[] = [];
  let short: number | null = null;
  for (let attempt = 0; attempt < 2 && found.length === 0; attempt += 1) {
    for (const candidate of findCandidates(header, await flow.publishedKeys())) {
      const bits = rsaBits(candidate);
      if (bits !== null && bits < LEAST_RSA_BITS) short = bits;
      const key = await importKey(candidate, String(header.alg));
      if (key !== null && (await verifies(compact, key))) found.push(key);
    }
  }
  if (found.length > 0) return found;
  if (short !== null)
    throw new Blocked('keySize', `A key of ${short} bits is too short for a client to use.`);
  const advertised = flow.supportedValues('id_token_signing_alg_values_supported') ?? [];
  const published = await flow.publishedKeys();
  if (!published.some((key) => advertised.some((alg) => fitsAlgorithm(key, alg))))
    throw new Blocked('keys', 'The key set has no key for any algorithm that is advertised.');
  return found;
}

/**
 * The keys that may have signed: those that fit alg and use, and have the kid. A kid that names no key is ignored,
 * since idtoken-kid judges it.
 */
function findCandidates(header: DecodedIdToken['header'], keys: readonly Key[]): readonly Key[] {
  const fitting = keys.filter((key) => fitsAlgorithm(key, String(header.alg)));
  const named = fitting.filter((key) => key.kid === undefined || key.kid === header.kid);
  return header.kid === undefined || named.length === 0 ? fitting : named;
}

export async function verifies(compact: string, key: CryptoKey | Uint8Array): Promise<boolean> {
  try {
    await compactVerify(compact, key);
    return true;
  } catch {
    return false;
  }
}

/** Imports the public members only: discovery-jwks-public-only judges private ones. */
async function importKey(key: Key, alg: string): Promise<CryptoKey | Uint8Array | null> {
  const jwk: JWK = Object.fromEntries(Object.entries(key).filter(([name]) => PUBLIC_MEMBERS.includes(name)));
  try {
    return await importJWK(jwk, alg);
  } catch (error) {
    if (error instanceof errors.JOSENotSupported)
      throw new NotTested(`Signatures by ${alg} cannot be verified here.`);
    return null;
  }
}
