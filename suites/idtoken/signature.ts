/** That an ID Token is signed, and by whom. */
import { createHmac } from 'node:crypto';
import { compactVerify, importJWK, type JWK } from 'jose';
import type { DecodedIdToken, Flow } from '../../fixtures/flow/types.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { oidcCore } from '../sources.js';

type Key = Readonly<Record<string, unknown>>;

const KTY_OF_ALG: readonly (readonly [RegExp, string])[] = [
  [/^(RS|PS)/, 'RSA'],
  [/^ES/, 'EC'],
  [/^Ed/, 'OKP'],
];

/** The keys that can verify this token: they fit alg and use, and kid where the header has one. */
function candidates({ header }: DecodedIdToken, keys: readonly Key[]): readonly Key[] {
  const alg = String(header.alg);
  const kty = KTY_OF_ALG.find(([name]) => name.test(alg))?.[1];
  return keys.filter(
    (key) =>
      key.kty === kty &&
      (key.use === undefined || key.use === 'sig') &&
      (key.alg === undefined || key.alg === alg) &&
      (header.kid === undefined || key.kid === undefined || key.kid === header.kid),
  );
}

async function verifies(compact: string, key: Key, alg: string): Promise<boolean> {
  try {
    const jwk: JWK = { ...key };
    await compactVerify(compact, await importJWK(jwk, alg));
    return true;
  } catch {
    return false;
  }
}

/** Whether one of the published keys verifies it; the set is fetched once more when none does, as keys rotate. */
export async function verifiedByPublished(
  flow: Flow,
  token: DecodedIdToken,
  compact = token.compact,
): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    for (const key of candidates(token, await flow.keys())) {
      if (await verifies(compact, key, String(token.header.alg))) return true;
    }
  }
  return false;
}

/** The same token with one character in the middle of its payload replaced. */
function withAlteredPayload(compact: string): string {
  const [header = '', payload = '', signature = ''] = compact.split('.');
  const middle = Math.floor(payload.length / 2);
  const other = payload[middle] === 'A' ? 'B' : 'A';
  return `${header}.${payload.slice(0, middle)}${other}${payload.slice(middle + 1)}.${signature}`;
}

export const signature = requirement({
  id: 'idtoken-signature',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'person'],
  statement: 'The ID Token’s signature verifies with a key of the published set.',
  how:
    'The keys that fit alg and use, narrowed by kid where the header has one, are tried: one verifies the signature, ' +
    'and none verifies the token with one character of its payload changed. HMAC algorithms verify with the client ' +
    'secret. A missing kid is not judged here.',
  next: 'Sign with the private part of a key that the key set publishes.',
  async check({ flow, expect }) {
    const tokens = await flow.tokens();
    const token = flow.idToken(tokens);
    const alg = String(token.header.alg);
    const message = 'No published key verifies the signature of the ID Token.';
    const expected = 'a signature by a key of the set';
    if (/^HS/.test(alg)) {
      expect.that(hmacVerifies(token, tokens.client.client_secret ?? ''), message, {
        expected,
        received: alg,
      });
      return;
    }
    expect.that(await verifiedByPublished(flow, token), message, {
      expected,
      received: `alg ${alg}, kid ${String(token.header.kid)}`,
    });
    expect.that(
      !(await verifiedByPublished(flow, token, withAlteredPayload(token.compact))),
      'The signature also verifies an altered payload.',
      { expected: 'no signature over another payload', received: 'a signature that fits both' },
    );
  },
});

function hmacVerifies({ compact, header }: DecodedIdToken, secret: string): boolean {
  const cut = compact.lastIndexOf('.');
  const hash = `sha${String(header.alg).slice(2)}`;
  return (
    createHmac(hash, secret).update(compact.slice(0, cut)).digest('base64url') === compact.slice(cut + 1)
  );
}

export const algNone = requirement({
  id: 'idtoken-alg-none',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'person'],
  statement: 'An ID Token is never unsigned for a client that has not asked for it.',
  how:
    'alg in the header is not none in any letter case, the signature is not empty, and alg is one of ' +
    'id_token_signing_alg_values_supported.',
  next: 'Sign every ID Token; none is only for clients that registered it, and never for the code they do not keep.',
  async check({ flow, expect }) {
    const { header, compact } = flow.idToken(await flow.tokens());
    const alg = String(header.alg);
    expect.that(alg.toLowerCase() !== 'none' && !compact.endsWith('.'), 'The ID Token is not signed.', {
      expected: 'a signature',
      received: `alg ${alg}`,
    });
    const supported = flow.supported('id_token_signing_alg_values_supported') ?? ['RS256'];
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
  source: [oidcCore('10.1')],
  needs: ['client', 'person'],
  statement: 'kid names the signing key whenever the set has several.',
  how:
    'If the key set has more than one key, kid in the header is the kid of exactly one key that fits alg. With one ' +
    'key it may be absent; where both have one they are equal. Not applicable to HMAC.',
  next: 'Write the kid of the signing key into the header of the ID Token.',
  async check({ flow, expect }) {
    const { header } = flow.idToken(await flow.tokens());
    const alg = String(header.alg);
    if (/^HS/.test(alg))
      throw new NotApplicable('The ID Token is signed with a shared secret, which has no kid.');
    let keys = await flow.keys();
    if (!keys.some((key) => key.kid === header.kid)) keys = await flow.keys();
    if (keys.length > 1) {
      const named = candidates({ header, compact: '', claims: {} }, keys).filter(
        (key) => key.kid === header.kid,
      );
      expect.that(
        typeof header.kid === 'string' && named.length === 1,
        'The header of the ID Token does not name one key of the set.',
        { expected: `the kid of one of ${keys.length} keys`, received: kidOf(header) },
      );
      return;
    }
    const published = keys[0]?.kid;
    expect.that(
      header.kid === undefined || published === undefined || header.kid === published,
      'The header of the ID Token names a key that the set does not have.',
      { expected: `kid ${String(published)}`, received: kidOf(header) },
    );
  },
});

const kidOf = ({ kid: value }: Key): string => (value === undefined ? 'no kid' : `kid ${String(value)}`);
