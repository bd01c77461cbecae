/** What comes after many requests at once. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import { Blocked, Failed, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { countAnswers } from '../steps/exchange.js';

const AT_ONCE = 8;
const BURST = `After ${AT_ONCE} requests at once`;
/** Milliseconds, including those of the burst itself. */
const RECOVERS_WITHIN = 20_000;
const TRIED_EVERY = 1_000;

export const burst = requirement({
  id: 'robust-burst',
  level: 'SHOULD',
  levelReason:
    'No clause says how many requests a server has to handle, but every other check needs an answer ' +
    'afterward.',
  profile: 'oauth',
  clauses: [rfc(9110, '15.6.4'), rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'The token endpoint works again after several requests at once.',
  how:
    'Exchanges a code (200; tries for twenty seconds), then sends eight exchanges of one fresh code at ' +
    'once. Expects an answer to each, and tokens for a fresh code right afterward; tries that for twenty ' +
    'seconds too. Nothing else runs meanwhile. Off this machine, only with --intrusive.',
  hint:
    'Look for locks and connections that a request holds while it waits for another one, such as an ' +
    'exhausted pool.',
  serial: true,
  intrusive: true,
  deadline: 120_000,
  async check(context) {
    const { flow, expect, remark, requireIntrusive } = context;
    requireIntrusive(`${AT_ONCE} requests at once`);
    const client = await flow.disposableClient();
    // The server may still be busy with the requests of another check.
    const before = await awaitAnswer(context, client, 'the control request');
    if (before.why !== null) throw new Blocked('tokens', `A valid exchange gave no tokens (${before.why}).`);
    const code = await flow.code({ client });
    const send = (place: number) => flow.exchangeCode(code, { note: `${place} of ${AT_ONCE} at once` });
    const rivals = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, place) => send(place + 1)));
    const answered = rivals.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const silent = rivals.length - answered.length;
    const { waitedMs, why } = await awaitAnswer(context, client, 'a fresh code afterward');
    expect.that(why === null, `${BURST} the token endpoint did not answer for ${RECOVERS_WITHIN / 1000} s.`, {
      expected: 'tokens for a fresh code',
      received: why ?? '',
    });
    expect.that(silent === 0, `Of ${AT_ONCE} requests at once ${silent} got no answer.`, {
      expected: 'an answer to each',
      received: `${silent} without an answer`,
    });
    expect.that(waitedMs === 0, `${BURST} a valid exchange failed for ${waitedMs} ms.`, {
      expected: 'tokens for a fresh code at once',
      received: `tokens ${waitedMs} ms later`,
    });
    remark(`The answers: ${countAnswers(answered)}.`);
  },
});

/** Exchanges fresh codes until one gives tokens. @returns why the last one did not, or null */
async function awaitAnswer({ flow, pause }: CheckContext, client: Client, note: string) {
  let why = '';
  for (let waitedMs = 0; waitedMs <= RECOVERS_WITHIN; waitedMs += TRIED_EVERY) {
    try {
      const code = await flow.code({ client });
      const exchange = await flow.exchangeCode(code, { note });
      if (hasTokens(exchange)) return { waitedMs, why: null };
      why = describeExchange(exchange);
    } catch (error) {
      if (error instanceof NotTested || error instanceof Failed) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    await pause(TRIED_EVERY);
  }
  return { waitedMs: RECOVERS_WITHIN, why };
}
