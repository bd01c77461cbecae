/** The key set: that it can be used, that it holds nothing private, that its keys are long enough. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isObject } from '../../fixtures/parse-json.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcDiscovery, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  fitsAlgorithm,
  isForSigning,
  KEYS_OF_ALGORITHMS,
  type Key,
  LEAST_RSA_BITS,
  rsaBits,
} from '../steps/published-keys.js';

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;
const RSA_SIGNATURE = /^(RS|PS)\d+$/;

function fetchKeys(flow: Flow): Promise<Exchange> {
  return flow.send({
    url: flow.endpoint('jwks'),
    headers: { accept: 'application/json' },
    note: 'the key set',
  });
}

/** The octets of a coordinate (RFC 7518 section 6.2.1.2). */
const COORDINATE_OCTETS: Readonly<Record<string, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
  secp256k1: 32,
};

/** @returns what is wrong with a number of the key, or null. Some libraries prefix or drop a zero octet */
function findFlawedNumber(key: Key): string | null {
  const named = typeof key.kid === 'string' ? `the key ${key.kid}` : 'a key without kid';
  const octets = (member: string): Buffer => {
    const value = key[member];
    return Buffer.from(typeof value === 'string' ? value : '', 'base64url');
  };
  if (key.kty === 'RSA') {
    const padded = ['n', 'e'].find((member) => octets(member)[0] === 0);
    return padded === undefined ? null : `${padded} of ${named} begins with a zero octet`;
  }
  const length = key.kty === 'EC' && typeof key.crv === 'string' ? COORDINATE_OCTETS[key.crv] : undefined;
  if (length === undefined) return null;
  const member = ['x', 'y'].find((one) => one in key && octets(one).length !== length);
  if (member === undefined) return null;
  return `${member} of ${named} has ${octets(member).length} octets, and its curve ${length}`;
}

function readKeys(exchange: Exchange): readonly Key[] {
  const { keys } = exchange.object();
  return Array.isArray(keys) ? keys.filter(isObject) : [];
}

export const jwks = requirement({
  id: 'discovery-jwks',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), rfc(7517, '5'), rfc(7518, '2'), rfc(7518, '6.2.1.2')],
  needs: [],
  statement: 'jwks_uri returns a JWK Set with a public signing key for an advertised algorithm.',
  how:
    'Fetches jwks_uri with no credentials. Expects 200 and a body that fits the JSON Schema jwks.json. At ' +
    'least one key has the type and curve of an advertised asymmetric algorithm; its use, key_ops and alg, ' +
    "where present, allow verifying with it. In RSA keys, n and e don't start with a zero octet; in EC " +
    'keys, x and y are as long as the curve. Ignores keys of unknown types.',
  hint: 'Publish the public part of the key that signs ID Tokens, with use sig or no use.',
  async check({ flow, expect, remark }) {
    const exchange = await fetchKeys(flow);
    expect.status(exchange, 200, 'the key set');
    expect.matchesSchema('jwks', exchange.json(), 'the key set', exchange);
    remark(`The key set was served as ${exchange.header('content-type') ?? 'no media type'}.`);
    const algorithms = flow.supportedValues('id_token_signing_alg_values_supported');
    if (algorithms === undefined)
      throw new Blocked('discoveryMembers', 'The document lists no algorithms that a key could fit.');
    const known = algorithms.filter((alg) => KEYS_OF_ALGORITHMS.some(([algorithm]) => algorithm.test(alg)));
    if (known.length === 0)
      throw new Blocked('signingAlgorithms', 'The document lists no algorithm that has public keys.');
    const keys = readKeys(exchange);
    const flawed = keys.map(findFlawedNumber).find((flaw) => flaw !== null);
    expect.that(flawed === undefined, 'A number in a published key is encoded incorrectly.', {
      expected: "the fewest octets for n and e, the curve's length for x and y",
      received: flawed ?? 'nothing',
    });
    expect.that(
      keys.some((key) => known.some((alg) => fitsAlgorithm(key, alg))),
      'The key set has no key that verifies an ID Token.',
      {
        expected: `a public key for signatures by one of ${algorithms.join(', ')}`,
        received: keys.map(({ kty, use, alg }) => JSON.stringify({ kty, use, alg })).join(', ') || 'no keys',
      },
    );
  },
});

export const jwksPublicOnly = requirement({
  id: 'discovery-jwks-public-only',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), rfc(7517, '9.2')],
  needs: [],
  statement: 'The key set contains no private and no symmetric keys.',
  how: 'Expects no key with the type oct, or with any of the members d, p, q, dp, dq, qi, oth and k.',
  hint:
    'Replace the key at once, because what was published is no longer secret. Then publish only its public ' +
    'members.',
  async check({ flow, expect }) {
    for (const key of await flow.publishedKeys()) {
      const named = typeof key.kid === 'string' ? `the key ${key.kid}` : 'a key without kid';
      expect.that(key.kty !== 'oct', 'The key set publishes a symmetric key.', {
        expected: 'only public keys',
        received: `${named} of type oct`,
      });
      const found = PRIVATE_MEMBERS.filter((member) => member in key);
      expect.that(found.length === 0, 'The key set publishes private key material.', {
        expected: 'only public members',
        received: `${named} of type ${String(key.kty)} with ${found.join(', ')}`,
      });
    }
  },
});

export const jwksKeySize = requirement({
  id: 'discovery-jwks-key-size',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(7518, '3.3'), rfc(7518, '3.5')],
  needs: [],
  statement: 'RSA signing keys have at least 2048 bits.',
  how:
    'Measures the modulus of each RSA key that, by its use, key_ops and alg, may verify signatures. ' +
    'Expects 2048 bits or more.',
  hint: 'Remove the short key from the set, and sign with one of 2048 bits or more.',
  async check({ flow, expect }) {
    for (const key of await flow.publishedKeys()) {
      const bits = rsaBits(key);
      const isSigning = isForSigning(key) && (key.alg === undefined || RSA_SIGNATURE.test(String(key.alg)));
      if (bits === null || !isSigning) continue;
      expect.that(bits >= LEAST_RSA_BITS, `The key set has an RSA key of ${bits} bits.`, {
        expected: `${LEAST_RSA_BITS} bits or more`,
        received: `${bits} bits`,
      });
    }
  },
});
