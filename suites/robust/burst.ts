/** What comes after many requests at once. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { Blocked, Failed, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { countAnswers } from '../steps/exchange.js';

const AT_ONCE = 8;
/** Milliseconds, of which the burst itself may take a part. */
const RECOVERS_WITHIN = 20_000;
const TRIED_EVERY = 1_000;

export const burst = requirement({
  id: 'robust-burst',
  // No clause says how many requests a server must bear. Every other check relies on an answer afterwards.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9110, '15.6.4'), rfc(6749, '3.2')],
  needs: ['client', 'user'],
  statement: 'The token endpoint answers again after several requests at once.',
  how:
    'A code is exchanged (200). Then eight exchanges of one fresh code are sent at once, and each is awaited. Expected: an ' +
    'answer to each, and right afterwards a fresh code is exchanged for tokens; for twenty seconds it is tried again. ' +
    'Nothing is sent beside it. Sent to servers on this machine alone, unless --intrusive allows it.',
  hint: 'Look for locks and connections that a request holds while it waits for another one, such as an exhausted pool.',
  serial: true,
  intrusive: true,
  deadline: 120_000,
  async check({ flow, expect, remark, requireIntrusive, pause }) {
    requireIntrusive(`${AT_ONCE} requests at once`);
    const client = await flow.disposableClient();
    const control = await flow.exchangeCode(await flow.code({ client }), { note: 'the control request' });
    if (!hasTokens(control))
      throw new Blocked('tokens', `a valid exchange gave no tokens (${describeExchange(control)})`);
    const code = await flow.code({ client });
    const rivals = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, place) =>
        flow.exchangeCode(code, { note: `${place + 1} of ${AT_ONCE} at once` }),
      ),
    );
    const answered = rivals.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const silent = rivals.length - answered.length;
    const { waitedMs, why } = await awaitRecovery();
    expect.that(
      why === null,
      `After ${AT_ONCE} requests at once the token endpoint did not answer for ${RECOVERS_WITHIN / 1000} s.`,
      {
        expected: 'tokens for a fresh code',
        received: why ?? '',
      },
    );
    expect.that(silent === 0, `Of ${AT_ONCE} requests at once ${silent} got no answer.`, {
      expected: 'an answer to each',
      received: `${silent} without an answer`,
    });
    expect.that(
      waitedMs === 0,
      `After ${AT_ONCE} requests at once a valid exchange failed for ${waitedMs} ms.`,
      {
        expected: 'tokens for a fresh code at once',
        received: `tokens ${waitedMs} ms later`,
      },
    );
    remark(`The answers: ${countAnswers(answered)}.`);

    async function awaitRecovery(): Promise<{ readonly waitedMs: number; readonly why: string | null }> {
      let last = '';
      for (let waitedMs = 0; waitedMs <= RECOVERS_WITHIN; waitedMs += TRIED_EVERY) {
        try {
          const exchange = await flow.exchangeCode(await flow.code({ client }), {
            note: 'a fresh code afterwards',
          });
          if (hasTokens(exchange)) return { waitedMs, why: null };
          last = describeExchange(exchange);
        } catch (error) {
          if (error instanceof NotTested || error instanceof Failed) throw error;
          last = error instanceof Error ? error.message : String(error);
        }
        await pause(TRIED_EVERY);
      }
      return { waitedMs: RECOVERS_WITHIN, why: last };
    }
  },
});
