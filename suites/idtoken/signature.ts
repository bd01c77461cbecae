/** That an ID Token is signed, and by whom. */
import { quote } from '../../fixtures/expect/describe.js';
import type { DecodedIdToken } from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, oidcDiscovery } from '../clauses.js';
import { requirement } from '../requirement.js';
import { fitsAlgorithm, verifies, verifyingKeys } from '../steps/published-keys.js';
import { exchangedIdTokens, issuedIdTokens } from './issued-id-tokens.js';

type Header = DecodedIdToken['header'];

const isHmac = ({ alg }: Header): boolean => /^HS\d+$/.test(String(alg));

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
  statement: "The ID Token's signature verifies with a published key.",
  how:
    'Tries the keys that fit alg and use, and kid if it names one of them. Expects one to verify the ' +
    'signature, and the same key to refuse the token after one character of its payload changed. HMAC ' +
    'algorithms verify with the client secret. For a confidential and a public client. idtoken-kid judges ' +
    'a kid that is missing or names no key.',
  hint: 'Sign with the private part of a published key.',
  async check({ flow, expect }) {
    for (const { what, token, tokens, exchange } of await exchangedIdTokens(flow)) {
      const { header, compact } = token;
      if (compact.endsWith('.')) throw new Blocked('idTokenSignature', 'The ID Token is not signed.');
      const secret = new TextEncoder().encode(tokens.client.client_secret ?? '');
      const signer = isHmac(header) ? 'the client secret' : 'a published key';
      const [key] = isHmac(header) ? [secret] : await verifyingKeys(flow, token);
      const verified = key !== undefined && (await verifies(compact, key));
      expect.that(verified, `The signature of ${what} does not verify with ${signer}.`, {
        expected: `a signature by ${signer}`,
        received: `alg ${String(header.alg)}, kid ${quote(header.kid)}`,
        exchange,
      });
      // The control: what has just said yes can say no.
      if (verified && (await verifies(alterPayload(compact), key)))
        throw new Error('The verification also accepts an altered payload, so it says nothing.');
    }
  },
});

export const algNone = requirement({
  id: 'idtoken-alg-none',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.3.7')],
  needs: ['client', 'user'],
  statement: "An ID Token is never unsigned for a client that hasn't asked for that.",
  how:
    'At an exchange and at a refresh, expects alg in the header to differ from none in any letter case, ' +
    "and a signature that isn't empty.",
  hint:
    'Sign every ID Token. none is only for clients that registered it, and never for tokens that pass ' +
    'through the browser.',
  async check({ flow, expect }) {
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const alg = String(token.header.alg);
      const isUnsigned = token.compact.endsWith('.');
      expect.that(alg.toLowerCase() !== 'none' && !isUnsigned, `There is no signature in ${what}.`, {
        expected: 'a signature',
        received: isUnsigned ? `alg ${alg} and an empty signature` : `alg ${alg}`,
        exchange,
      });
    }
  },
});

export const algAdvertised = requirement({
  id: 'idtoken-alg-advertised',
  level: 'MUST',
  levelReason:
    'No keyword: clients take the algorithms from the document and refuse every sign-in with another one.',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), oidcCore('3.1.3.7')],
  needs: ['client', 'user'],
  statement: 'ID Tokens are signed with an algorithm that the document lists.',
  how:
    'At an exchange and at a refresh, expects alg in the header to be one of ' +
    'id_token_signing_alg_values_supported.',
  hint: 'List every algorithm that you sign ID Tokens with.',
  async check({ flow, expect }) {
    const supported = flow.supportedValues('id_token_signing_alg_values_supported');
    if (supported === undefined)
      throw new Blocked('discoveryMembers', 'The document does not list the signing algorithms.');
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const alg = String(token.header.alg);
      if (alg.toLowerCase() === 'none') throw new Blocked('idTokenSignature', 'The ID Token is not signed.');
      expect.that(supported.includes(alg), `The algorithm of ${what}, ${alg}, is not listed.`, {
        expected: `one of ${supported.join(', ')}`,
        received: `alg ${alg}`,
        exchange,
      });
    }
  },
});

export const kid = requirement({
  id: 'idtoken-kid',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('10.1')],
  needs: ['client', 'user'],
  statement: 'kid names the signing key if the set has several.',
  how:
    'At an exchange and at a refresh, if the key set has more than one key, expects kid in the header to ' +
    'be the kid of exactly one key that fits alg. With one key, kid may be missing; if both have one, ' +
    "they're equal. Not applicable to HMAC.",
  hint: "Write the signing key's kid into the ID Token's header.",
  async check({ flow, expect }) {
    for (const { what, token, exchange } of await issuedIdTokens(flow)) {
      const { kid: named, alg } = token.header;
      if (isHmac(token.header)) throw new NotApplicable('A signature by a shared secret has no kid.');
      let keys = await flow.publishedKeys();
      if (!keys.some(({ kid: published }) => published === named)) keys = await flow.publishedKeys();
      if (keys.length === 0) throw new Blocked('keys', 'The key set is empty.');
      const [only] = keys;
      const alone = keys.length === 1;
      if (alone && (named === undefined || only?.kid === undefined)) continue;
      const reason = alone ? '' : ', though the set has several keys';
      const kid = expect.string(named, 'kid', `the header of ${what}${reason}`, exchange);
      const fitting = keys.filter((key) => key.kid === kid && (alone || fitsAlgorithm(key, String(alg))));
      expect.that(fitting.length === 1, `The kid of ${what} does not name one key of the set.`, {
        expected: `the kid of exactly one key for ${String(alg)}`,
        received: `kid ${quote(kid)}, which ${fitting.length} keys have`,
        exchange,
      });
    }
  },
});
