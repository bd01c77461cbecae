/** When codes and tokens are valid: at once, and not for too long. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { exchangeOrBlock } from '../steps/exchange.js';
import { waitUntilAccepted } from '../steps/fresh-tokens.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';

/** RFC 6749 section 4.1.2: ten minutes at most; one more for clocks and the way. */
const TOO_OLD_SECONDS = 660;

export const codeLifetime = requirement({
  id: 'token-code-lifetime',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2')],
  needs: ['client', 'user'],
  statement: 'A code lives for at most ten minutes.',
  how:
    'Gets two codes and exchanges one at once (200). Exchanges the other when eleven minutes have passed ' +
    "for it. Expects no tokens and a status from 400 to 499. Not tested if the target can't make a code " +
    "older and such a wait isn't allowed.",
  hint: 'Let codes expire after a minute or two, and after ten at most.',
  waits: true,
  async check({ flow, expect, time }) {
    const old = await flow.code({ note: 'a code that grows old' });
    await exchangeOrBlock(flow, await flow.code());
    await time.advance(TOO_OLD_SECONDS, old.value, 'the code');
    const exchange = await flow.exchangeCode(old, { note: 'after eleven minutes' });
    expect.noTokens(exchange, 'a code that is eleven minutes old');
    expect.clientError(exchange, 'A code that is eleven minutes old was not refused.');
  },
});

const ROUNDS = 3;

export const validAtOnce = requirement({
  id: 'token-valid-at-once',
  level: 'SHOULD',
  levelReason: 'No clause allows a delay after the response, and none explicitly forbids it.',
  profile: 'oidc',
  clauses: [rfc(6749, '4.1.4'), rfc(6749, '5.1')],
  needs: ['client', 'user', 'userinfo'],
  statement: 'Tokens are valid as soon as the client has them.',
  how:
    'Uses the access token of three grants at userinfo at once, and the refresh token, if there is one, at ' +
    "the token endpoint. Tries again for three seconds if it's refused. Expects it to be accepted the " +
    'first time. userinfo-get and refresh-works judge tokens that are never accepted.',
  hint: 'Commit what you issued before you send the response.',
  async check({ flow, expect, pause }) {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const tokens = await tokensWithRefreshIfAny(flow);
      const attempts = [
        {
          what: 'access token',
          step: 'userinfo' as const,
          use: () => flow.userinfo(tokens.access_token, `round ${round}: the access token at once`),
          isAccepted: ({ status }: Exchange) => status === 200,
        },
        {
          what: 'refresh token',
          step: 'refresh' as const,
          use: () => flow.refresh(tokens, { note: `round ${round}: the refresh token at once` }),
          isAccepted: hasTokens,
        },
      ];
      for (const { what, step, use, isAccepted } of attempts) {
        if (what === 'refresh token' && tokens.refresh_token === null) continue;
        const { first, last, waitedMs } = await waitUntilAccepted(use, isAccepted, pause);
        if (!isAccepted(last))
          throw new Blocked(step, `A fresh ${what} is refused (${describeExchange(last)}).`);
        expect.that(isAccepted(first), `A fresh ${what} was valid only after ${waitedMs} ms.`, {
          expected: `the ${what} accepted at once`,
          received: `${describeExchange(first)}, and accepted ${waitedMs} ms later`,
        });
      }
    }
  },
});
