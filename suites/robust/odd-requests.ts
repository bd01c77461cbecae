/** Requests that no application sends, one after the other, and what the server makes of them. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { RawExchange } from '../../fixtures/flow/types.js';
import type { CheckContext } from '../requirement.js';

type Answer = Pick<RawExchange, 'exchange' | 'closed'>;

/** A request and its answer. */
export interface OddRequest {
  /** Names the request in a message. It never has the form `name=value`, because a secret would be hidden there. */
  readonly label: string;
  readonly answer: Answer;
  /** By default, a status from 500 is a fault; a closed connection isn't. */
  readonly isFault?: boolean;
}

/** @returns whether the request was refused as the client's mistake, or the connection closed */
export function isClientError({ exchange: { status }, closed }: Answer): boolean {
  return closed || (status >= 400 && status < 500);
}

/**
 * None gives tokens, and none is answered with a fault; all that are appear in one message. The answers are remarked on.
 * @param subject of the message, with its verb: 'The token endpoint fails on'
 */
export async function judgeOddRequests(
  { expect, remark }: Pick<CheckContext, 'expect' | 'remark'>,
  requests: AsyncIterable<OddRequest>,
  { subject, expected = 'a status below 500' }: { readonly subject: string; readonly expected?: string },
): Promise<void> {
  const faults: { readonly label: string; readonly exchange: Exchange }[] = [];
  const answers = new Set<string>();
  for await (const { label, answer, isFault } of requests) {
    const { exchange, closed } = answer;
    requireNotRateLimited(exchange);
    expect.noTokens(exchange, label);
    answers.add(closed ? 'closed' : describeExchange(exchange));
    if (isFault ?? exchange.status >= 500) faults.push({ label, exchange });
  }
  remark(`The answers: ${[...answers].join(', ')}.`);
  const [first] = faults;
  if (first === undefined) return;
  expect.that(false, `${subject} ${faults.map(({ label }) => label).join(', ')}.`, {
    expected,
    received: describeExchange(first.exchange),
    exchange: first.exchange,
  });
}
