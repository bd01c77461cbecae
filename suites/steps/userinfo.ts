/** Whether userinfo still accepts an access token. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { useFresh } from './fresh-tokens.js';
import { waitUntil } from './wait-until.js';

type Pause = (milliseconds: number) => Promise<void>;

/** Userinfo accepts this token. Blocked by userinfo-get if not. */
export async function demandAcceptedAtUserinfo(
  flow: Flow,
  { access_token }: Pick<TokenSet, 'access_token'>,
): Promise<void> {
  const { status } = await useFresh(() => flow.userinfo(access_token, 'userinfo with a fresh access token'));
  if (status !== 200) throw new Blocked('userinfo', `Userinfo answers a fresh access token with ${status}.`);
}

/** @returns the first answer of userinfo that is not 200, or the last one after 5 seconds */
export function waitForUserinfoRefusal(flow: Flow, accessToken: string, pause: Pause): Promise<Exchange> {
  return waitUntil(
    () => flow.userinfo(accessToken, 'userinfo afterwards'),
    ({ status }) => status !== 200,
    pause,
  );
}

/** @returns whether userinfo refused the token with a client error. NotTested for a rate limit */
export function isRefusedAtUserinfo({ status }: Exchange): boolean {
  if (status === 429) throw new NotTested('Userinfo limits requests (status 429).');
  return status >= 400 && status <= 499;
}

/** The token of another grant still works, so the refusal has no other cause. NotTested if not. */
export async function demandParallelAtUserinfo(flow: Flow, accessToken: string): Promise<void> {
  const { status } = await flow.userinfo(accessToken, 'the access token of a parallel grant');
  if (status !== 200) {
    throw new NotTested(
      `Userinfo answers the token of another grant with ${status}, too, so the refusal may have another cause.`,
    );
  }
}
