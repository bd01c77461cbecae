/** Sends the same token request many times at once: at most one may succeed. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { hasTokens } from '../../fixtures/expect/describe.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { countAnswers } from './exchange.js';

const ROUNDS = 3;

interface Race {
  /** What all requests use, for the sentence: 'one code'. */
  readonly secret: string;
  /** How many requests are sent at once. */
  readonly atOnce: number;
  /** Prepares one round with a fresh code or token. @returns what sends the request; `note` names it in the evidence */
  prepare(): Promise<(note: string) => Promise<Exchange>>;
}

/**
 * In each of three rounds, at most one request gives tokens and the others are refused.
 * @throws NotTested if no request succeeded in any round, or if bursts are not allowed
 */
export async function judgeAtMostOneWins(
  { expect, remark, requireIntrusive }: Pick<CheckContext, 'expect' | 'remark' | 'requireIntrusive'>,
  { secret, atOnce, prepare }: Race,
): Promise<void> {
  requireIntrusive(`${atOnce} requests at once`);
  let wins = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const send = await prepare();
    const exchanges = await sendAtOnce(
      Array.from({ length: atOnce }, (_, place) => send(`round ${round}, ${place + 1} of ${atOnce} at once`)),
    );
    const winners = exchanges.filter(hasTokens);
    expect.that(winners.length <= 1, `Several simultaneous requests with ${secret} gave tokens.`, {
      expected: 'tokens in one response at most',
      received: `tokens in ${winners.length} of ${atOnce} responses`,
      exchange: winners.at(-1),
    });
    wins += winners.length;
    for (const exchange of exchanges.filter((one) => !hasTokens(one))) {
      expect.noTokens(exchange, `a rival request with ${secret}`);
      if (exchange.status < 400)
        expect.clientError(exchange, `A rival request with ${secret} was not refused.`);
    }
    remark(`Round ${round}: ${countAnswers(exchanges)}.`);
  }
  if (wins === 0) throw new NotTested(`No simultaneous request with ${secret} gave tokens in three rounds.`);
}

/** All answers. Blocked by robust-burst where one of the requests gets none: that is what it judges. */
async function sendAtOnce(requests: readonly Promise<Exchange>[]): Promise<readonly Exchange[]> {
  const settled = await Promise.allSettled(requests);
  const lost = settled.find((one) => one.status === 'rejected');
  if (lost === undefined) return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const error: unknown = lost.reason;
  if (error instanceof NotTested || error instanceof Blocked) throw error;
  const why = error instanceof Error ? error.message : String(error);
  throw new Blocked('burst', `Of ${requests.length} requests at once one got no answer: ${why}`);
}
