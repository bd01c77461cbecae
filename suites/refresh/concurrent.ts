import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { countAnswers, describeTokenAnswer, hasTokens } from '../steps/token-answers.js';
import { demandSuccessor, ownPublicClient, refreshedGrant } from './public-clients.js';

const ROUNDS = 3;
const AT_ONCE = 6;

export const concurrent = requirement({
  id: 'refresh-concurrent',
  // The clause asks for rotation; that it holds against simultaneous use follows, without a keyword of its own.
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(9700, '4.14.2')],
  needs: ['public-client', 'user', 'refresh'],
  statement: 'Of simultaneous refreshes with one refresh token of a public client at most one succeeds.',
  how:
    'A public client of the check’s own refreshes a grant, which replaces the token. Then six identical refreshes with ' +
    'one token are sent at once on connections of their own, in three rounds with fresh grants. Expected in each: ' +
    'tokens in one response at most, and a status from 400 in the others. Not applicable where the token is not ' +
    'replaced at use. Sent to servers on this machine alone, unless --intrusive allows it.',
  hint: 'Mark the refresh token as used in the same step that looks whether it is: one conditional update.',
  serial: true,
  async check({ flow, expect, remark, requireIntrusive }) {
    requireIntrusive(`${AT_ONCE} requests at once`);
    const client = await ownPublicClient(flow);
    demandSuccessor(await refreshedGrant(flow, client));
    let successes = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const grant = await refreshedGrant(flow, client);
      const newest = { refresh_token: demandSuccessor(grant), client };
      const exchanges = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, place) =>
          flow.refresh(newest, { note: `round ${round}, refresh ${place + 1} of ${AT_ONCE} at once` }),
        ),
      );
      const winners = exchanges.filter(hasTokens).length;
      expect.that(winners <= 1, 'Several simultaneous refreshes with one refresh token gave tokens.', {
        expected: 'tokens in one response at most',
        received: `tokens in ${winners} of ${AT_ONCE} responses`,
      });
      successes += winners;
      for (const exchange of exchanges) {
        if (hasTokens(exchange)) continue;
        expect.that(exchange.status >= 400, 'A rival refresh was not refused.', {
          expected: 'a status from 400',
          received: describeTokenAnswer(exchange),
        });
      }
      remark(`Round ${round}: ${countAnswers(exchanges)}.`);
    }
    if (successes === 0) throw new NotTested('no simultaneous refresh gave tokens, in none of three rounds');
  },
});
