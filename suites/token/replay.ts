import { hasTokens } from '../../fixtures/judgement/describe.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { requirement } from '../requirement.js';
import { demandAtUserinfo, demandParallelAtUserinfo, endedAtUserinfo } from '../revoke/steps.js';
import { rfc } from '../sources.js';
import { counted, tokensWithRefreshIfAny } from './twins.js';

const ROUNDS = 3;
const AT_ONCE = 8;

export const codeReplayRevokes = requirement({
  id: 'token-code-replay-revokes',
  level: 'SHOULD',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2')],
  needs: ['client', 'person', 'userinfo'],
  statement: 'A replayed code revokes the tokens issued from it.',
  how:
    'A code is exchanged, userinfo answers the access token with 200, and the same exchange is sent again and ' +
    'refused. Expected: within 5 seconds userinfo answers that access token with 401, and its refresh token, where ' +
    'one was issued, gives invalid_grant. A token of another client still works at userinfo.',
  next: 'Store which grant a code led to, and end that grant when the code comes again.',
  alone: true,
  async check({ flow, expect, pause }) {
    const client = await flow.expendableClient();
    const other = await flow.tokens();
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    await demandAtUserinfo(flow, other);
    await demandAtUserinfo(flow, tokens);
    const replay = await flow.redeem(tokens.code, { note: 'the same exchange again' });
    if (hasTokens(replay)) throw new Blocked('codeSingleUse', 'the code worked a second time');

    const after = await endedAtUserinfo(flow, tokens.access_token, pause);
    expect.status(after, 401, 'the access token of a code that was replayed');
    if (tokens.refresh_token !== null) {
      expect.invalidGrant(
        await flow.refresh(tokens, { note: 'the refresh token of that code' }),
        'the refresh token of a code that was replayed',
      );
    }
    await demandParallelAtUserinfo(flow, other.access_token);
  },
});

export const codeConcurrent = requirement({
  id: 'token-code-concurrent',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2'), rfc(6749, '10.5')],
  needs: ['client', 'person'],
  statement: 'Of simultaneous redemptions of one code at most one succeeds.',
  how:
    'Eight identical exchanges are sent at once on connections of their own, in three rounds with fresh codes. ' +
    'Expected in each: tokens in one response at most, and any status from 400 in the others. That the tokens are ' +
    'dead at once, as the rivals count as a replay, is allowed. The check has a client of its own for that reason. ' +
    'Sent to servers on this machine alone, unless --intrusive allows it.',
  next: 'Mark the code as used in the same step that looks whether it is: one conditional update, not a read and a write.',
  alone: true,
  async check({ flow, expect, remark, intrude }) {
    intrude(`${AT_ONCE} requests at once`);
    const client = await flow.expendableClient();
    let successes = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const code = await flow.code({ client });
      const rivals = Array.from({ length: AT_ONCE }, (_, place) =>
        flow.redeem(code, { note: `round ${round}, exchange ${place + 1} of ${AT_ONCE} at once` }),
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
      remark(`Round ${round}: ${counted(exchanges)}.`);
    }
    if (successes === 0) throw new NotTested('no simultaneous exchange gave tokens, in none of three rounds');
  },
});
