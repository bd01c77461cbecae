/** The claims that answer the authorization request: nonce and auth_time. */
import { randomBytes } from 'node:crypto';
import { hasTokens, quote } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { answerAfterLogin } from '../steps/session.js';
import { isBlockedBy, isUnavailable, nullOn } from '../steps/signals.js';
import { exchangedIdTokens, type IssuedIdToken, issuedIdTokens } from './issued-id-tokens.js';

/** Seconds by which auth_time may lie after iat, since two clocks may have made them. */
const SKEW = 60;
const GENEROUS_MAX_AGE = '10000';
/** Milliseconds: more than a second, so that an auth_time of the second request would differ. */
const BETWEEN_REQUESTS = 3000;

export const nonce = requirement({
  id: 'idtoken-nonce',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.2.1')],
  needs: ['client', 'user'],
  statement: 'The nonce comes back unchanged.',
  how:
    'In one session, sends random nonces: with reserved characters, with 64 and with 200 characters, with letters ' +
    "beyond ASCII, and with digits after a zero. Expects each ID Token to have exactly its own request's " +
    'nonce, also after a consent page (with a client that was just registered), after a login page (if the ' +
    'password is known), and for four codes exchanged at the same time. ' +
    'The same for a public client, if there is one.',
  hint: 'Store the nonce with the code as it was sent, and copy it into the ID Token.',
  deadline: 60_000,
  async check(context) {
    const { flow, expect, remark } = context;
    const random = randomBytes(12).toString('hex');
    const digits = String(randomBytes(6).readUIntBE(0, 6));
    let judged = 0;
    const long = random.padEnd(200, 'n');
    for (const sent of [`${random}+/=&%~;"\\`, long.slice(0, 64), long, `${random} é日`, `0${digits}`]) {
      const tokens = await nullOn(isBlockedBy('code'), () => flow.tokens({ nonce: sent }));
      if (tokens === null) {
        remark(`A request with a nonce of ${sent.length} characters is refused.`);
        continue;
      }
      judged += 1;
      const { nonce: returned } = flow.decodeIdToken(tokens).claims;
      expect.same(returned, sent, 'The nonce of the ID Token is not the one that was sent.', tokens.exchange);
    }
    if (judged === 0) throw new Blocked('code', 'No request with a nonce gave a code.');
    await judgeOfPublicClient(context);
    await judgeThroughPages(context);
    await judgeAtOnce(context);
  },
});

async function judgeOfPublicClient({ flow, expect }: CheckContext): Promise<void> {
  const sent = `public ${randomBytes(9).toString('base64url')}`;
  const work = async () => flow.tokens({ client: await flow.client('public'), nonce: sent });
  const tokens = await nullOn(isUnavailable, work);
  // Whether there is an ID Token is judged by token-id-token.
  if (tokens === null || tokens.id_token === null) return;
  const { nonce: returned } = flow.decodeIdToken(tokens).claims;
  const message = 'The nonce of a public client is not the one that was sent.';
  expect.same(returned, sent, message, tokens.exchange);
}

/** Pages may carry the nonce in a form or an address of their own. */
async function judgeThroughPages({ flow, users, expect }: CheckContext): Promise<void> {
  const client = await ownClientIfOpen(flow);
  const sent = `through pages ${randomBytes(9).toString('base64url')}+/&`;
  const ways = [
    [
      'a consent page',
      client && (await flow.authorize({ client, nonce: sent, note: 'after a consent page' })),
    ],
    ['a login page', await answerAfterLogin(users, { nonce: sent, note: 'after a login page' })],
  ] as const;
  for (const [page, answer] of ways) {
    const code = answer === null ? null : readCode(answer);
    if (code === null) continue;
    const exchange = await flow.exchangeCode(code, { note: `the code after ${page}` });
    // Its failure is judged by token-exchange.
    if (!hasTokens(exchange)) continue;
    const { nonce: returned } = flow.decodeIdToken(readTokens(code, exchange)).claims;
    expect.same(returned, sent, `After ${page} the nonce is not the one that was sent.`, exchange);
  }
}

/** Few enough for every server, and enough to show what a server keeps in a place that its requests share. */
const CODES_AT_ONCE = 4;

async function judgeAtOnce({ flow, expect }: CheckContext): Promise<void> {
  const codes = [];
  for (let count = 1; count <= CODES_AT_ONCE; count += 1)
    codes.push(await flow.code({ note: `${count} of ${CODES_AT_ONCE} codes` }));
  const exchanges = await Promise.all(
    codes.map(async (code) => ({ code, exchange: await flow.exchangeCode(code, { note: 'at once' }) })),
  );
  for (const { code, exchange } of exchanges) {
    if (!hasTokens(exchange)) continue;
    const { nonce: returned } = flow.decodeIdToken(readTokens(code, exchange)).claims;
    const message = 'One of several codes exchanged at the same time gave an ID Token with a wrong nonce.';
    expect.same(returned, code.request.params.get('nonce'), message, exchange);
  }
}

export const nonceUnsent = requirement({
  id: 'idtoken-nonce-unsent',
  level: 'MUST',
  levelReason:
    'No keyword: "passed through unmodified". Strict clients refuse an ID Token with a nonce that they ' +
    "didn't send.",
  profile: 'oidc',
  clauses: [oidcCore('2')],
  needs: ['client', 'user'],
  statement: 'If the request has no nonce, the ID Token has none either, not even null.',
  how:
    'Sends requests with no nonce, exchanged and refreshed, and from a public client. Expects no claim ' +
    'nonce, neither null nor a made-up value nor one from another request. A request with a nonce gets the ' +
    'claim.',
  hint: 'Leave the claim out if the request had no nonce.',
  async check({ flow, expect }) {
    const control = flow.decodeIdToken(await flow.tokens({ note: 'the same with nonce' })).claims.nonce;
    if (control === undefined) throw new Blocked('nonce', 'The ID Token has no nonce even if one was sent.');
    for (const { what, token, exchange } of await issuedIdTokens(flow, { nonce: null })) {
      expect.that(!('nonce' in token.claims), `There is a nonce in ${what}, though none was sent.`, {
        expected: 'no claim nonce',
        received: quote(token.claims.nonce),
        exchange,
      });
    }
  },
});

/** @returns auth_time, a number that isn't after iat */
function judgeAuthTime(expect: Expect, { what, token, exchange }: IssuedIdToken): number {
  const { auth_time, iat } = token.claims;
  const value = expect.number(auth_time, `auth_time in ${what}`, exchange);
  expect.that(typeof iat !== 'number' || value <= iat + SKEW, `auth_time in ${what} lies after iat.`, {
    expected: `at most ${quote(iat)} plus ${SKEW}`,
    received: quote(value),
    exchange,
  });
  return value;
}

export const authTime = requirement({
  id: 'idtoken-auth-time',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('2'), oidcCore('3.1.2.1')],
  needs: ['client', 'user'],
  statement: 'A request with max_age gets auth_time.',
  how:
    'Sends max_age=10000. Expects auth_time to be a JSON number, at most 60 seconds after iat. Sends the ' +
    'same request in the same session three seconds later. If no login page comes, expects the same ' +
    'auth_time. idtoken-sub judges the sub. ' +
    'The first part also applies to a public client, if there is one.',
  hint: 'Store with the session when the user signed in, and put it into the ID Token whenever max_age is sent.',
  async check({ flow, expect, remark, pause }) {
    const params = { max_age: GENEROUS_MAX_AGE };
    const [first, ...others] = await exchangedIdTokens(flow, { params });
    if (first === undefined) throw new Blocked('idToken', 'No exchange gave an ID Token.');
    const { claims } = first.token;
    const value = judgeAuthTime(expect, first);
    for (const other of others) judgeAuthTime(expect, other);
    // Where the sign-in is that long ago, a time of issue in its place would be seen at once.
    const ago = typeof claims.iat === 'number' ? claims.iat - value : 0;
    if (ago * 1000 < BETWEEN_REQUESTS) await pause(BETWEEN_REQUESTS);
    const later = await flow.tokens({ params });
    if (later.code.outcome.pages.some(({ kind }) => kind === 'login')) {
      remark('The second request asked for a login, so only the first was looked at.');
      return;
    }
    const again = flow.decodeIdToken(later).claims;
    if (again.sub !== claims.sub) throw new Blocked('subject', 'The second ID Token has another sub.');
    const message = 'auth_time changed, but nobody signed in again.';
    expect.same(again.auth_time, value, message, later.exchange);
  },
});
