import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { countAnswers, hasTokens, tokensWithRefreshIfAny } from '../steps/token-answers.js';
import { waitUntil } from '../steps/wait-until.js';

const ROUNDS = 3;
const AT_ONCE = 8;

export const codeReplayRevokes = requirement({
  id: 'token-code-replay-revokes',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(6749, '4.1.2')],
  needs: ['client', 'user', 'userinfo'],
  statement: 'A replayed code revokes the tokens issued from it.',
  how:
    'A code is exchanged, userinfo answers the access token with 200, and the same exchange is sent again and ' +
    'refused. Expected: within 5 seconds userinfo answers that access token with 401, and its refresh token, where ' +
    'one was issued, gives invalid_grant. A token of another client still works at userinfo.',
  hint: 'Store which grant a code led to, and end that grant when the code comes again.',
  serial: true,
  async check({ flow, expect, pause }) {
    const client = await flow.disposableClient();
    const other = await flow.tokens();
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    for (const { access_token } of [other, tokens]) {
      const before = await flow.userinfo(access_token, 'userinfo before the replay');
      if (before.status !== 200) {
        throw new Blocked('userinfo', `userinfo answers a fresh access token with ${before.status}`);
      }
    }
    const replay = await flow.exchangeCode(tokens.code, { note: 'the same exchange again' });
    if (hasTokens(replay)) throw new Blocked('codeSingleUse', 'the code worked a second time');

    const after = await waitUntil(
      () => flow.userinfo(tokens.access_token, 'userinfo after the replay'),
      ({ status }) => status !== 200,
      pause,
    );
    expect.status(after, 401, 'the access token of a code that was replayed');
    if (tokens.refresh_token !== null) {
      expect.refused(await flow.refresh(tokens, { note: 'the refresh token of that code' }), {
        status: 400,
        error: 'invalid_grant',
        what: 'the refresh token of a code that was replayed',
      });
    }
    const parallel = await flow.userinfo(other.access_token, 'the token of another client');
    if (parallel.status !== 200) {
      throw new NotTested(
        `userinfo then answers a token of another client with ${parallel.status} too, so the refusal has another cause`,
      );
    }
  },
});

export const codeConcurrent = requirement({
  id: 'token-code-concurrent',
  level: 'MUST',
  profile: 'oidc',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '10.5')],
  needs: ['client', 'user'],
  statement: 'Of simultaneous redemptions of one code at most one succeeds.',
  how:
    'Eight identical exchanges are sent at once on connections of their own, in three rounds with fresh codes. ' +
    'Expected in each: tokens in one response at most, and any status from 400 in the others. That the tokens are ' +
    'dead at once, as the rivals count as a replay, is allowed. The check has a client of its own for that reason. ' +
    'Sent to servers on this machine alone, unless --intrusive allows it.',
  hint: 'Mark the code as used in the same step that looks whether it is: one conditional update, not a read and a write.',
  serial: true,
  async check({ flow, expect, remark, requireIntrusive }) {
    requireIntrusive(`${AT_ONCE} requests at once`);
    const client = await flow.disposableClient();
    let successes = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const code = await flow.code({ client });
      const rivals = Array.from({ length: AT_ONCE }, (_, place) =>
        flow.exchangeCode(code, { note: `round ${round}, exchange ${place + 1} of ${AT_ONCE} at once` }),
      );
      const exchanges = await Promise.all(rivals);
      const winners = exchanges.filter(hasTokens).length;
      expect.that(winners <= 1, 'Several simultaneous exchanges of one code gave tokens.', {
        expected: 'tokens in one response at most',
        received: `tokens in ${winners} of ${AT_ONCE} responses`,
      });
      successes += winners;
      for (const exchange of exchanges) {
        if (hasTokens(exchange)) continue;
        expect.noTokens(exchange, 'a rival exchange of the same code');
        expect.that(exchange.status >= 400, 'A rival exchange of the same code was not refused.', {
          expected: 'a status from 400',
          received: `status ${exchange.status}`,
        });
      }
      remark(`Round ${round}: ${countAnswers(exchanges)}.`);
    }
    if (successes === 0) throw new NotTested('no simultaneous exchange gave tokens, in none of three rounds');
  },
});
