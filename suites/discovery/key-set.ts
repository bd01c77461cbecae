/** How the key set names its keys, and how it is served. */
import { quote } from '../../fixtures/expect/describe.js';
import { isObject } from '../../fixtures/parse-json.js';
import { oidcCore, oidcDiscovery, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';

const KEY_TYPES: readonly unknown[] = ['RSA', 'EC', 'OKP'];

export const jwksUse = requirement({
  id: 'discovery-jwks-use',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcDiscovery('3'), rfc(7517, '4.2')],
  needs: [],
  statement: "If the set has keys for signing and for encryption, each key says which it's for.",
  how:
    'If a key in the set has use enc, expects use in each key of a known type. A set of signing keys may ' +
    'leave it out.',
  hint: 'Add use to every key: sig or enc.',
  async check({ flow, expect, remark }) {
    // Keys of a type that is not known are ignored (RFC 7517 section 5).
    const keys = (await flow.publishedKeys()).filter(({ kty }) => KEY_TYPES.includes(kty));
    if (!keys.some(({ use }) => use === 'enc')) return remark('The set has no key for encryption.');
    const unmarked = keys.filter(({ use }) => use === undefined).map(({ kid }) => `kid ${quote(kid)}`);
    const message = 'The set has keys for encryption, but also keys that do not say what they are for.';
    expect.none(unmarked, message, 'use in each key');
  },
});

const JWKS_TYPES: readonly string[] = ['application/json', 'application/jwk-set+json'];

export const jwksKids = requirement({
  id: 'discovery-jwks-kids',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(7517, '4.5'), oidcCore('10.1')],
  needs: [],
  statement: 'Every key in a set has its own kid.',
  how:
    "If the set has several keys, expects each to have a kid, a string that isn't empty. No two keys with " +
    'the same kty have the same kid, and a key that is still in the set a moment later has the kid that it had.',
  hint: 'Give each key its own kid, such as its thumbprint (RFC 7638).',
  async check({ flow, expect, remark }) {
    const keys = await flow.publishedKeys();
    await demandSameNames(keys, { flow, expect });
    const names = keys.map(({ kty, kid }) => ({ kty, kid }));
    const unnamed = names.filter(({ kid }) => typeof kid !== 'string' || kid === '');
    if (keys.length === 1 && unnamed.length === 1) return remark('The only key of the set has no kid.');
    expect.that(unnamed.length === 0, 'The key set has several keys, and not all have a kid.', {
      expected: 'kid, a string, in each key',
      received: `${unnamed.length} of ${keys.length} keys without kid`,
    });
    const twice = names.find(
      (one, place) => names.findIndex(({ kty, kid }) => kty === one.kty && kid === one.kid) !== place,
    );
    expect.that(twice === undefined, 'Two keys of the set have the same kid.', {
      expected: 'distinct values of kid',
      received: `kid ${quote(twice?.kid)} twice`,
    });
  },
});

type Key = Readonly<Record<string, unknown>>;

/** What makes a key the same key: the public numbers of RSA and of curves. */
const identify = ({ kty, n, x, y }: Key): string => JSON.stringify([kty, n, x, y]);

const hasNumbers = ({ n, x }: Key): boolean => n !== undefined || x !== undefined;

/** A client finds a key by the kid of a token that was issued before (RFC 7517 section 4.5). */
async function demandSameNames(
  keys: readonly Key[],
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
): Promise<void> {
  const headers = { accept: 'application/json' };
  const exchange = await flow.send({ url: flow.endpoint('jwks'), headers, note: 'the key set again' });
  const { keys: again } = exchange.object();
  if (!Array.isArray(again)) return;
  // One key may be in the set under several names.
  const later = again.filter(isObject).filter((key) => hasNumbers(key));
  const namesOf = (key: Key) => later.filter((one) => identify(one) === identify(key)).map(({ kid }) => kid);
  const renamed = keys.find(
    (key) => hasNumbers(key) && namesOf(key).length > 0 && !namesOf(key).includes(key.kid),
  );
  expect.that(renamed === undefined, 'A key of the set has another kid each time the set is fetched.', {
    expected: `kid ${quote(renamed?.kid)}, as a moment before`,
    received: `kid ${quote(renamed && namesOf(renamed)[0])}`,
    exchange,
  });
}

export const jwksMediaType = requirement({
  id: 'discovery-jwks-media-type',
  level: 'SHOULD',
  levelReason: "RFC 7517 registers the media type but doesn't require it.",
  profile: 'oidc',
  clauses: [rfc(7517, '8.5'), rfc(9110, '8.3')],
  needs: [],
  statement: 'The key set is served as JSON.',
  how: 'Fetches jwks_uri. Expects Content-Type application/json or application/jwk-set+json.',
  hint: 'Serve the key set with Content-Type: application/json.',
  async check({ flow, expect }) {
    const headers = { accept: 'application/json' };
    const exchange = await flow.send({ url: flow.endpoint('jwks'), headers, note: 'the key set' });
    expect.status(exchange, 200, 'the key set');
    expect.that(JWKS_TYPES.includes(exchange.mediaType), 'The key set is not served as JSON.', {
      expected: JWKS_TYPES.join(' or '),
      received: exchange.header('content-type') ?? 'no Content-Type',
      exchange,
    });
  },
});
