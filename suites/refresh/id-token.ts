/** The ID Token that may come with a refresh. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { quote } from '../../fixtures/expect/describe.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { verifyingKeys } from '../steps/published-keys.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens, tokensWithRefresh } from '../steps/tokens.js';

/** Milliseconds: more than a second, so that an iat that is copied from the first ID Token shows. */
const BEFORE_REFRESH = 1_100;

export const idToken = requirement({
  id: 'refresh-id-token',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('12.2')],
  needs: ['client', 'user', 'refresh'],
  statement: 'An ID Token from a refresh is about the same sign-in.',
  how:
    "Refreshes the grant of a request with max_age=10000. If an id_token comes, expects the first one's " +
    "iss and sub, the client_id in aud, an iat that isn't before the first one's, the same auth_time if " +
    "both have it, no nonce or the first one's, the same azp or none in both, and a signature by a " +
    'published key. No id_token is fine. ' +
    "Waits a second before the first refresh, and expects an iat after the first one's. The same for a " +
    'second refresh.',
  hint: "Build a refresh's ID Token from the stored sign-in, not from the moment of the refresh.",
  async check(context) {
    const { flow, pause } = context;
    // With max_age the first ID Token has auth_time. Some servers include it only then.
    const params = { max_age: '10000' };
    const asked = await nullOn(isUnavailable, () => tokensWithRefresh(flow, { params }));
    const tokens = asked ?? (await tokensWithRefresh(flow));
    await pause(BEFORE_REFRESH);
    const once = await refreshedTokens(flow, tokens, 'a refresh');
    await judgeIdToken(context, tokens, once.exchange, 'a refresh');
    const twice = await refreshedTokens(flow, once, 'a second refresh');
    await judgeIdToken(context, tokens, twice.exchange, 'a second refresh');
  },
});

/** @param what the refresh that this is the response to */
async function judgeIdToken(
  { flow, expect, remark }: CheckContext,
  tokens: TokenSet,
  response: Exchange,
  what: string,
): Promise<void> {
  const id_token = response.string('id_token');
  if (id_token === null) return remark(`No ID Token came with ${what}.`);
  const { claims: first } = flow.decodeIdToken(tokens);
  const token = await nullOn(isUnavailable, () => flow.decodeIdToken({ ...tokens, id_token }));
  expect.that(token !== null, `The ID Token of ${what} cannot be parsed.`, {
    expected: 'a JWT',
    received: `a string of ${id_token.length} characters`,
    exchange: response,
  });
  if (token === null) return;
  const { claims } = token;
  const same = (claim: string) =>
    expect.same(
      claims[claim],
      first[claim],
      claim in claims
        ? `The ID Token of ${what} has a different ${claim} from the first.`
        : `The ID Token of ${what} lacks ${claim}, which the first has.`,
      response,
    );
  same('iss');
  same('sub');
  const audience: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const { client_id } = tokens.client;
  expect.includes(audience, client_id, `The aud of the ID Token of ${what} lacks the client.`, response);
  const issued = expect.number(claims.iat, 'iat', response);
  expect.that(
    typeof first.iat !== 'number' || issued > first.iat,
    issued === first.iat
      ? `The ID Token of ${what} has the iat of the first, though it was issued later.`
      : `The ID Token of ${what} was issued before the first, by its iat.`,
    { expected: `a number above ${quote(first.iat)}`, received: quote(issued), exchange: response },
  );
  if (claims.auth_time !== undefined && first.auth_time !== undefined) same('auth_time');
  if (claims.nonce !== undefined) same('nonce');
  same('azp');
  if (String(token.header.alg).startsWith('HS')) return;
  expect.that(
    (await verifyingKeys(flow, token)).length > 0,
    `No published key verifies the ID Token of ${what}.`,
    { expected: 'a signature by a key of the set', received: 'none that fits', exchange: response },
  );
}
