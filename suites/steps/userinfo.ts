/** Whether userinfo still accepts an access token. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Flow, TokenSet } from '../../fixtures/flow/types.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { waitUntil } from './wait-until.js';

type Pause = (milliseconds: number) => Promise<void>;

/** Blocked by userinfo-get when a token does not work that must. */
export async function demandAcceptedAtUserinfo(
  flow: Flow,
  { access_token }: Pick<TokenSet, 'access_token'>,
): Promise<void> {
  const { status } = await flow.userinfo(access_token, 'userinfo with a fresh access token');
  if (status !== 200) throw new Blocked('userinfo', `userinfo answers a fresh access token with ${status}`);
}

/** @returns the answer of userinfo once it is no longer 200, or the last one after 5 seconds */
export function waitForUserinfoRefusal(flow: Flow, accessToken: string, pause: Pause): Promise<Exchange> {
  return waitUntil(
    () => flow.userinfo(accessToken, 'userinfo afterwards'),
    ({ status }) => status !== 200,
    pause,
  );
}

/** @returns whether userinfo refused the token, as a client error that is about the token */
export function isRefusedAtUserinfo({ status }: Exchange): boolean {
  if (status === 429) throw new NotTested('userinfo limits requests (status 429)');
  return status >= 400 && status <= 499;
}

/** The token of another grant still works, so that userinfo refuses for the revocation and nothing else. */
export async function demandParallelAtUserinfo(flow: Flow, accessToken: string): Promise<void> {
  const { status } = await flow.userinfo(accessToken, 'the access token of a parallel grant');
  if (status !== 200) {
    throw new NotTested(
      `userinfo then answers the token of a parallel grant with ${status} too, so the refusal has another cause`,
    );
  }
}
