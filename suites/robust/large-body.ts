/** Bodies far beyond what a token request needs. */

import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isClientError } from './odd-requests.js';
import { demandUnharmed, demandWellFormedAnswered, tokenForm } from './raw-requests.js';

/** The first is just beyond the most common limit, 64 KiB. */
const SIZES = [
  ['70 KB', 70_000],
  ['10 MB', 10_000_000],
] as const;

export const largeBody = requirement({
  id: 'robust-large-body',
  level: 'SHOULD',
  levelReason: 'RFC 9110 offers the status, and no clause requires a limit.',
  profile: 'oauth',
  clauses: [rfc(9110, '15.5.14')],
  needs: ['client'],
  statement: "An oversized body doesn't harm the server.",
  how:
    'Sends well-formed token requests with a made-up code, and one more parameter that makes them 70 KB ' +
    'and 10 MB. Expects a status from 400 to 499 (usually 413) or a closed connection, which a proxy ' +
    'reports as 502 or 504. A request of normal size right after each still works. Off this machine, only ' +
    'with --intrusive.',
  hint: 'Stop reading a body at a limit, such as 64 KiB, and answer 413.',
  intrusive: true,
  async check({ flow, expect, remark, requireIntrusive }) {
    const url = flow.endpoint('token');
    requireIntrusive('A body of 10 MB');
    const client = await flow.client();
    await demandWellFormedAnswered(flow, client);
    const { headers, body } = tokenForm(flow, client);
    for (const [size, length] of SIZES) {
      const what = `a body of ${size}`;
      const text = body({ filler: 'x'.repeat(length) });
      const answer = await flow.sendRaw({ method: 'POST', url, headers, body: text, note: what });
      const { exchange } = answer;
      requireNotRateLimited(exchange);
      expect.noTokens(exchange, what);
      // A proxy in front reports a connection that its server closed, which is right, as 502 or 504.
      const isReported = [502, 504].includes(exchange.status);
      const gateway = exchange.header('server') ?? 'a gateway that does not give its name';
      if (isReported) remark(`The answer comes from ${gateway}, in front of the server.`);
      const message = `The server answered ${what} with status ${exchange.status}.`;
      expect.that(isClientError(answer) || isReported, message, {
        expected: 'a status from 400 to 499 or a closed connection',
        received: describeExchange(exchange),
        exchange,
      });
      await demandUnharmed(flow, client, what);
      remark(`The answer to ${size}: ${describeExchange(exchange)}.`);
    }
  },
});
