/** What userinfo says of a token, and whether it still accepts one. */
import { decodeJwt } from 'jose';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { isObject } from '../../fixtures/parse-json.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { useFresh } from './fresh-tokens.js';
import { waitUntil } from './wait-until.js';

type Pause = (milliseconds: number) => Promise<void>;

/** @returns the answer of userinfo to a fresh token: the first that accepts it, or the last one within three seconds */
export function freshUserinfo(
  flow: Flow,
  access_token: string,
  note = 'the control request',
): Promise<Exchange> {
  return useFresh(
    () => flow.userinfo(access_token, note),
    ({ status }) => status === 200 || status === 429,
  );
}

/**
 * The claims of a response in either form, JSON or a JWT. Blocked when there are none.
 * @param step what this response is, for its owner when there are none
 * @throws NotTested for an encrypted response, whose key is the client's
 */
export function demandClaims(exchange: Exchange, step: Step = 'userinfo'): Readonly<Record<string, unknown>> {
  requireNotRateLimited(exchange);
  const body = exchange.json();
  if (exchange.status === 200 && isObject(body)) return body;
  const compact = exchange.response.body.trim();
  const isJwt = exchange.status === 200 && exchange.mediaType === 'application/jwt';
  if (isJwt && compact.split('.').length === 5)
    throw new NotTested('The userinfo response is encrypted for the client.');
  try {
    if (isJwt) return decodeJwt(compact);
  } catch {
    // Not a JWT after all: below.
  }
  throw new Blocked(step, `Userinfo answered ${exchange.status} without claims.`);
}

/** Userinfo accepts this token. Blocked by userinfo-get if not. */
export async function demandAcceptedAtUserinfo(
  flow: Flow,
  { access_token }: Pick<TokenSet, 'access_token'>,
): Promise<void> {
  const { status } = await freshUserinfo(flow, access_token, 'userinfo with a fresh access token');
  if (status !== 200) throw new Blocked('userinfo', `Userinfo answers a fresh access token with ${status}.`);
}

/**
 * @returns whether this is an error in the body of a 200: no claims, but the wrong status, which userinfo-invalid-token
 * judges
 */
export function isErrorWith200(exchange: Exchange): boolean {
  return exchange.status === 200 && exchange.string('error') !== null && exchange.object().sub === undefined;
}

/** @returns the first answer of userinfo that refuses the token, or the last one after 5 seconds */
export function waitForUserinfoRefusal(flow: Flow, accessToken: string, pause: Pause): Promise<Exchange> {
  return waitUntil(
    () => flow.userinfo(accessToken, 'userinfo afterward'),
    (answer) => answer.status !== 200 || isErrorWith200(answer),
    pause,
  );
}

/** @returns whether userinfo refused the token. NotTested for a rate limit */
export function isRefusedAtUserinfo(answer: Exchange): boolean {
  const { status } = answer;
  if (isErrorWith200(answer)) return true;
  if (status === 429) throw new NotTested('Userinfo limits requests (status 429).');
  return status >= 400 && status <= 499;
}

/** The token has ended: any refusal will do; api-invalid-token-error judges which one is right. */
export function expectEndedAtUserinfo(expect: Expect, answer: Exchange, message: string): void {
  expect.that(isRefusedAtUserinfo(answer), message, {
    expected: 'status 401 at userinfo, within 5 seconds',
    received: describeExchange(answer),
    exchange: answer,
  });
}

/** The token of another grant still works, so the refusal has no other cause. NotTested if not. */
export async function demandParallelAtUserinfo(flow: Flow, accessToken: string): Promise<void> {
  const { status } = await useFresh(() => flow.userinfo(accessToken, 'the access token of a parallel grant'));
  if (status !== 200) {
    throw new NotTested(
      `Userinfo answers the token of another grant with ${status}, too, so the refusal may have another cause.`,
    );
  }
}
