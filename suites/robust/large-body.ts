/** A body far beyond what a token request needs. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { demandUnharmed, demandWellFormedAnswered, isClientError, tokenForm } from './raw-requests.js';

const TEN_MEGABYTES = 10_000_000;

export const largeBody = requirement({
  id: 'robust-large-body',
  // RFC 9110 offers the status; no clause demands a limit.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9110, '15.5.14')],
  needs: ['client'],
  statement: 'An oversized body does not harm the server.',
  how:
    'A well-formed token request with a made-up code, with a further parameter that makes it 10 MB. Expected: a status from ' +
    '400 to 499 (413 as a rule) or a closed connection, which a proxy reports as 502 or 504. A request of ordinary size right after is answered as before. ' +
    'Sent to servers on this machine alone, unless --intrusive allows it.',
  hint: 'Stop reading a body at a limit, some 64 KiB, and answer 413.',
  intrusive: true,
  async check({ flow, expect, remark, requireIntrusive }) {
    const url = flow.endpoint('token');
    requireIntrusive('A body of 10 MB');
    const client = await flow.client();
    await demandWellFormedAnswered(flow, client);
    const form = tokenForm(flow, client);
    const answer = await flow.sendRaw({
      method: 'POST',
      url,
      headers: form.headers,
      body: form.body({ filler: 'x'.repeat(TEN_MEGABYTES) }),
      note: 'a body of 10 MB',
    });
    requireNotRateLimited(answer.exchange);
    expect.noTokens(answer.exchange, 'a token request of 10 MB');
    const gateway = answer.exchange.header('server') ?? 'a gateway that does not give its name';
    // A proxy in front reports a connection that its server closed, which is right, as 502 or 504.
    const isReported = [502, 504].includes(answer.exchange.status);
    if (isReported) remark(`The answer comes from ${gateway}, in front of the server.`);
    expect.that(
      isClientError(answer) || isReported,
      `A body of 10 MB was answered with status ${answer.exchange.status}.`,
      {
        expected: 'a status from 400 to 499 or a closed connection',
        received: describeExchange(answer.exchange),
      },
    );
    await demandUnharmed(flow, client, 'a body of 10 MB');
    remark(`The answer to 10 MB: ${describeExchange(answer.exchange)}.`);
  },
});
