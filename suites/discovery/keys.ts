/** The key set: that it can be used, that it holds nothing private, that its keys are long enough. */
import { type Exchange, isObject } from '../../fixtures/evidence/exchange.js';
import type { Flow } from '../../fixtures/flow/types.js';
import { requirement } from '../requirement.js';
import { oidcDiscovery, rfc } from '../sources.js';

type Key = Readonly<Record<string, unknown>>;

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;
const LEAST_RSA_BITS = 2048;

/** The key type that an asymmetric algorithm needs (RFC 7518 section 3.1, RFC 8037 section 3.1). */
const KEY_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(RS|PS)\d+$/, 'RSA'],
  [/^ES\d+K?$/, 'EC'],
  [/^(EdDSA|Ed25519|Ed448)$/, 'OKP'],
];

function fetchKeys(flow: Flow): Promise<Exchange> {
  return flow.send({
    url: flow.endpoint('jwks'),
    headers: { accept: 'application/json' },
    note: 'the key set',
  });
}

function keysOf(exchange: Exchange): readonly Key[] {
  const { keys } = exchange.object();
  return Array.isArray(keys) ? keys.filter(isObject) : [];
}

const isForSigning = ({ use }: Key): boolean => use === undefined || use === 'sig';

export const jwks = requirement({
  id: 'discovery-jwks',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcDiscovery('3'), rfc(7517, '5')],
  needs: [],
  statement:
    'jwks_uri returns a JWK Set with a public signing key that is usable with an advertised algorithm.',
  how:
    'GET jwks_uri without credentials: 200 and a body that fits the JSON Schema jwks.json. At least one key has a type ' +
    'that fits an advertised asymmetric algorithm, use absent or sig, key_ops absent or with verify, and alg absent or ' +
    'advertised. The media type is noted and not judged; keys of unknown kind are ignored.',
  next: 'Publish the public part of the key that signs ID Tokens, marked with use sig or not at all.',
  async check({ flow, expect, remark }) {
    const exchange = await fetchKeys(flow);
    expect.status(exchange, 200, 'the key set');
    expect.schema('jwks', exchange.json(), 'the key set');
    remark(`The key set was served as ${exchange.header('content-type') ?? 'no media type'}.`);
    const algorithms = flow.supported('id_token_signing_alg_values_supported') ?? ['RS256'];
    const keys = keysOf(exchange);
    expect.that(
      keys.some((key) => verifies(key, algorithms)),
      'The key set has no key that verifies an ID Token.',
      {
        expected: `a public key for signatures by one of ${algorithms.join(', ')}`,
        received: keys.map(({ kty, use, alg }) => JSON.stringify({ kty, use, alg })).join(', ') || 'no keys',
      },
    );
  },
});

function verifies(key: Key, algorithms: readonly string[]): boolean {
  const fits = algorithms.filter((alg) => KEY_TYPES.some(([name, kty]) => name.test(alg) && kty === key.kty));
  const operations = key.key_ops;
  return (
    fits.length > 0 &&
    isForSigning(key) &&
    (operations === undefined || (Array.isArray(operations) && operations.includes('verify'))) &&
    (key.alg === undefined || (typeof key.alg === 'string' && fits.includes(key.alg)))
  );
}

export const publicOnly = requirement({
  id: 'discovery-jwks-public-only',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcDiscovery('3'), rfc(7517, '9.2')],
  needs: [],
  statement: 'The published key set contains neither private nor symmetric key material.',
  how: 'No key of the set has the type oct or one of the members d, p, q, dp, dq, qi, oth, k.',
  next: 'Replace the key at once: what was published must count as known. Then publish its public members alone.',
  async check({ flow, expect }) {
    for (const key of keysOf(await fetchKeys(flow))) {
      const named = typeof key.kid === 'string' ? `the key ${key.kid}` : 'a key without kid';
      const found = PRIVATE_MEMBERS.filter((member) => member in key);
      expect.that(
        found.length === 0 && key.kty !== 'oct',
        key.kty === 'oct'
          ? 'The key set publishes a symmetric key.'
          : 'The key set publishes private key material.',
        {
          expected: 'public members alone',
          received: `${named} of type ${String(key.kty)} with ${found.join(', ')}`,
        },
      );
    }
  },
});

export const keySize = requirement({
  id: 'discovery-jwks-key-size',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(7518, '3.3')],
  needs: [],
  statement: 'RSA signing keys have at least 2048 bits.',
  how: 'The modulus of each RSA key whose use is absent or sig has 2048 bits or more. Other kinds are not measured.',
  next: 'Remove the short key from the set, and sign with one of 2048 bits or more.',
  async check({ flow, expect }) {
    for (const key of keysOf(await fetchKeys(flow))) {
      if (key.kty !== 'RSA' || !isForSigning(key) || typeof key.n !== 'string') continue;
      const bits = bitLength(Buffer.from(key.n, 'base64url'));
      expect.that(bits >= LEAST_RSA_BITS, `The key set has an RSA key of ${bits} bits.`, {
        expected: `${LEAST_RSA_BITS} bits or more`,
        received: `${bits} bits`,
      });
    }
  },
});

function bitLength(modulus: Buffer): number {
  const start = modulus.findIndex((byte) => byte !== 0);
  if (start < 0) return 0;
  return (modulus.length - start - 1) * 8 + (32 - Math.clz32(modulus[start] ?? 0));
}
