/**
 * A fresh token may be refused for a moment where a server stores it after it has answered. That is one finding, of
 * token-valid-at-once; every other check tries again before it says that the token does not work.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { isUnavailable } from '../../fixtures/http/unavailable.js';

/** Milliseconds that a server may take, and between two tries. */
const READY_WITHIN = 3_000;
const TRIED_EVERY = 100;
/** A server that fails so often in a row isn't just late: to go on would only make each check slow. */
const MOST_SERVER_ERRORS = 3;

export interface FreshUse {
  readonly first: Exchange;
  /** The first answer that was accepted, or the last one when the time was over. */
  readonly last: Exchange;
  /** Milliseconds between the two. */
  readonly waitedMs: number;
}

/** Uses a fresh token, and again for three seconds while it's refused, but not more than three times if the server fails. */
export async function waitUntilAccepted(
  use: () => Promise<Exchange>,
  isAccepted: (answer: Exchange) => boolean,
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<FreshUse> {
  const first = await use();
  let last = first;
  let waitedMs = 0;
  let errors = 0;
  while (!isAccepted(last) && waitedMs < READY_WITHIN) {
    errors = hasFailed(last) ? errors + 1 : 0;
    if (errors === MOST_SERVER_ERRORS) break;
    await pause(TRIED_EVERY);
    waitedMs += TRIED_EVERY;
    last = await use();
  }
  return { first, last, waitedMs };
}

/** Whether the server failed to answer the request. One that isn't there for a moment may be back soon. */
function hasFailed({ status }: Exchange): boolean {
  return status >= 500 && !isUnavailable(status);
}

/** @returns the answer to a fresh token: the first that accepts it, or the last one within three seconds */
export async function useFresh(
  use: () => Promise<Exchange>,
  isAccepted: (answer: Exchange) => boolean = ({ status }) => status === 200,
): Promise<Exchange> {
  return (await waitUntilAccepted(use, isAccepted)).last;
}
