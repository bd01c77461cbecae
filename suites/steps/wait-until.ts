/** Waits for what a server may need a moment to propagate, such as a revocation (RFC 7009 section 2.1). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';

/** Milliseconds that a revocation may take, and between two looks. */
const SETTLED_WITHIN = 5_000;
const LOOKED_EVERY = 500;

/**
 * @param look sends the request that shows the state
 * @param isSettled whether this answer is the one to wait for
 * @returns the first such answer, or the last one when time is up
 */
export async function waitUntil(
  look: () => Promise<Exchange>,
  isSettled: (answer: Exchange) => boolean,
  pause: (milliseconds: number) => Promise<void>,
): Promise<Exchange> {
  let answer = await look();
  for (let waited = 0; !isSettled(answer) && waited < SETTLED_WITHIN; waited += LOOKED_EVERY) {
    await pause(LOOKED_EVERY);
    answer = await look();
  }
  return answer;
}
