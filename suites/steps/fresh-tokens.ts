/**
 * A fresh token may be refused for a moment where a server stores it after it has answered. That is one finding, of
 * token-valid-at-once; every other check tries again before it says that the token does not work.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../../fixtures/evidence/exchange.js';

/** Milliseconds that a server may take, and between two tries. */
const READY_WITHIN = 3_000;
const TRIED_EVERY = 100;

export interface FreshUse {
  readonly first: Exchange;
  /** The first answer that was accepted, or the last one when the time was over. */
  readonly last: Exchange;
  /** Milliseconds between the two. */
  readonly waitedMs: number;
}

/** Uses a fresh token, and again for three seconds while it is refused. */
export async function waitUntilAccepted(
  use: () => Promise<Exchange>,
  isAccepted: (answer: Exchange) => boolean,
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<FreshUse> {
  const first = await use();
  let last = first;
  let waitedMs = 0;
  while (!isAccepted(last) && waitedMs < READY_WITHIN) {
    await pause(TRIED_EVERY);
    waitedMs += TRIED_EVERY;
    last = await use();
  }
  return { first, last, waitedMs };
}

/** @returns the answer to a fresh token: the first that accepts it, or the last one within three seconds */
export async function useFresh(
  use: () => Promise<Exchange>,
  isAccepted: (answer: Exchange) => boolean = ({ status }) => status === 200,
): Promise<Exchange> {
  return (await waitUntilAccepted(use, isAccepted)).last;
}
