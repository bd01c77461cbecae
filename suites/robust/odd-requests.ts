/** Requests that no application sends, one after the other, and what the server makes of them. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { RawExchange } from '../../fixtures/flow/types.js';
import type { CheckContext } from '../requirement.js';

/** A request and its answer. */
export interface OddRequest {
  /** Names the request in a message. It never has the form `name=value`, because a secret would be hidden there. */
  readonly label: string;
  readonly answer: RawExchange;
}

export interface OddRequestRules {
  /** The subject of the message, with its verb: 'The token endpoint fails on'. */
  readonly subject: string;
  /** By default, a status from 500 is a fault; a closed connection isn't. */
  readonly isFault?: (answer: RawExchange) => boolean;
  readonly expected?: string;
}

/** @returns whether the request was refused as the client's mistake, or the connection closed */
export function isClientError({ exchange: { status }, closed }: RawExchange): boolean {
  return closed || (status >= 400 && status < 500);
}

/** None gives tokens, and none is answered with a fault; all that are appear in one message. The answers are remarked on. */
export async function judgeOddRequests(
  { expect, remark }: Pick<CheckContext, 'expect' | 'remark'>,
  requests: AsyncIterable<OddRequest>,
  {
    subject,
    isFault = ({ exchange }) => exchange.status >= 500,
    expected = 'a status below 500',
  }: OddRequestRules,
): Promise<void> {
  const faults: { readonly label: string; readonly exchange: Exchange }[] = [];
  const answers = new Set<string>();
  for await (const { label, answer } of requests) {
    const { exchange } = answer;
    requireNotRateLimited(exchange);
    expect.noTokens(exchange, label);
    answers.add(answer.closed ? 'closed' : describeExchange(exchange));
    if (isFault(answer)) faults.push({ label, exchange });
  }
  const [first] = faults;
  if (first !== undefined)
    expect.that(false, `${subject} ${faults.map(({ label }) => label).join(', ')}.`, {
      expected,
      received: describeExchange(first.exchange),
      exchange: first.exchange,
    });
  remark(`The answers: ${[...answers].join(', ')}.`);
}
