/** That an ID Token is signed, and by whom. */
import { compactVerify, errors, importJWK, type JWK } from 'jose';
import type { DecodedIdToken, Flow } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { fitsAlgorithm, type Jwk, MIN_RSA_BITS, rsaKeySize } from '../discovery/keys.js';
import { requirement } from '../requirement.js';

const PUBLIC_MEMBERS: readonly string[] = ['kty', 'n', 'e', 'crv', 'x', 'y'];

type Header = DecodedIdToken['header'];

const isHmac = ({ alg }: Header): boolean => /^HS\d+$/.test(String(alg));

/**
 * The keys that may have signed: those that fit alg and use, narrowed by kid. A kid that names none narrows
 * nothing, as that is the matter of idtoken-kid.
 */
function findCandidateKeys(header: Header, keys: readonly Jwk[]): readonly Jwk[] {
  const fitting = keys.filter((key) => fitsAlgorithm(key, String(header.alg)));
  const named = fitting.filter((key) => key.kid === undefined || key.kid === header.kid);
  return header.kid === undefined || named.length === 0 ? fitting : named;
}

async function verifies(compact: string, key: CryptoKey | Uint8Array): Promise<boolean> {
  try {
    await compactVerify(compact, key);
    return true;
  } catch {
    return false;
  }
}

/** The public members alone: private ones that were published too are the matter of discovery-jwks-public-only. */
async function importJwk(key: Jwk, alg: string): Promise<CryptoKey | Uint8Array | null> {
  const jwk: JWK = Object.fromEntries(Object.entries(key).filter(([name]) => PUBLIC_MEMBERS.includes(name)));
  try {
    return await importJWK(jwk, alg);
  } catch (error) {
    if (error instanceof errors.JOSENotSupported)
      throw new NotTested(`Signatures by ${alg} cannot be verified here.`);
    return null;
  }
}

/** The published keys that verify the token; the set is fetched once more when none does, as keys rotate. */
export async function verifyingKeys(
  flow: Flow,
  { header, compact }: DecodedIdToken,
): Promise<readonly (CryptoKey | Uint8Array)[]> {
  const found: (CryptoKey | Uint8Array)[] = [];
  let short: number | null = null;
  for (let attempt = 0; attempt < 2 && found.length === 0; attempt += 1) {
    for (const candidate of findCandidateKeys(header, await flow.publishedKeys())) {
      const bits = rsaKeySize(candidate);
      if (bits !== null && bits < MIN_RSA_BITS) short = bits;
      const key = await importJwk(candidate, String(header.alg));
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

/** The same token with one character in the middle of its payload replaced. */
function alterPayload(compact: string): string {
  const [header = '', payload = '', signature = ''] = compact.split('.');
  const middle = Math.floor(payload.length / 2);
  const other = payload[middle] === 'A' ? 'B' : 'A';
  return `${header}.${payload.slice(0, middle)}${other}${payload.slice(middle + 1)}.${signature}`;
}

export const signature = requirement({
  id: 'idtoken-signature',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'user'],
  statement: 'The ID Token’s signature verifies with a key of the published set.',
  how:
    'The keys that fit alg and use, narrowed by kid where it names one of them, are tried: one verifies the signature. ' +
    'The same verification must refuse the token with one character of its payload changed. HMAC algorithms verify ' +
    'with the client secret. A kid that is missing or names no key is judged by idtoken-kid.',
  hint: 'Sign with the private part of a key that the key set publishes.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const token = flow.decodeIdToken(tokens);
    const { header, compact } = token;
    if (compact.endsWith('.')) throw new Blocked('idTokenSignature', 'The ID Token is not signed.');
    const secret = new TextEncoder().encode(tokens.client.client_secret ?? '');
    const keys = isHmac(header)
      ? (await verifies(compact, secret))
        ? [secret]
        : []
      : await verifyingKeys(flow, token);
    const [key] = keys;
    if (key === undefined) {
      expect.that(
        false,
        isHmac(header)
          ? 'The client secret does not verify the signature of the ID Token.'
          : 'No published key verifies the signature of the ID Token.',
        {
          expected: isHmac(header) ? 'a signature by the client secret' : 'a signature by a key of the set',
          received: `alg ${String(header.alg)}, ${readKid(header)}`,
        },
      );
      return;
    }
    // The control: what has just said yes can say no.
    if (await verifies(alterPayload(compact), key))
      throw new Error('The verification also accepts an altered payload, so it says nothing.');
  },
});

export const algNone = requirement({
  id: 'idtoken-alg-none',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'user'],
  statement: 'An ID Token is never unsigned for a client that has not asked for it.',
  how:
    'alg in the header is not none in any letter case, the signature is not empty, and alg is one of ' +
    'id_token_signing_alg_values_supported.',
  hint: 'Sign every ID Token; none is only for clients that registered it, and never for the code they do not keep.',
  async check({ flow, expect }) {
    const { header, compact } = flow.decodeIdToken(await flow.tokens());
    const alg = String(header.alg);
    expect.that(alg.toLowerCase() !== 'none' && !compact.endsWith('.'), 'The ID Token is not signed.', {
      expected: 'a signature',
      received: compact.endsWith('.') ? `alg ${alg} and an empty signature` : `alg ${alg}`,
    });
    const supported = flow.supportedValues('id_token_signing_alg_values_supported');
    if (supported === undefined)
      throw new Blocked('discoveryMembers', 'The document does not list the signing algorithms.');
    expect.that(supported.includes(alg), 'The ID Token is signed with an algorithm that is not advertised.', {
      expected: `one of ${supported.join(', ')}`,
      received: alg,
    });
  },
});

export const kid = requirement({
  id: 'idtoken-kid',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('10.1')],
  needs: ['client', 'user'],
  statement: 'kid names the signing key whenever the set has several.',
  how:
    'If the key set has more than one key, kid in the header is the kid of exactly one key that fits alg. With one ' +
    'key it may be absent; where both have one they are equal. Not applicable to HMAC.',
  hint: 'Write the kid of the signing key into the header of the ID Token.',
  async check({ flow, expect }) {
    const { header } = flow.decodeIdToken(await flow.tokens());
    if (isHmac(header))
      throw new NotApplicable('The ID Token is signed with a shared secret, which has no kid.');
    let keys = await flow.publishedKeys();
    if (!keys.some(({ kid: published }) => published === header.kid)) keys = await flow.publishedKeys();
    const received = readKid(header);
    if (keys.length === 0) throw new Blocked('keys', 'The key set is empty.');
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) {
      expect.that(
        header.kid === undefined || only.kid === undefined || header.kid === only.kid,
        'The header of the ID Token names a key that the set does not have.',
        { expected: readKid(only), received },
      );
      return;
    }
    expect.that(typeof header.kid === 'string', 'The ID Token has no kid, though the set has several keys.', {
      expected: `the kid of one of ${keys.length} keys`,
      received,
    });
    const named = keys.filter(
      (key) => key.kid === header.kid && fitsAlgorithm(key, String(header.alg)),
    ).length;
    expect.that(
      named === 1,
      named === 0
        ? 'The header of the ID Token names a key that the set does not have.'
        : 'The header of the ID Token names several keys of the set.',
      {
        expected: `the kid of exactly one key for ${String(header.alg)}`,
        received: `${received}, which ${named} keys have`,
      },
    );
  },
});

function readKid({ kid: value }: Jwk): string {
  return value === undefined ? 'no kid' : `kid ${JSON.stringify(value)}`;
}
