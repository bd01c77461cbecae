/** Grants to refresh, and refreshes that have to work before another is judged. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { AuthorizationOptions, Flow, TokenSet } from '../../fixtures/flow/types.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { describeTokenAnswer, hasTokens } from './token-answers.js';

/** Tokens with a refresh token. Without one there is nothing to judge: issuing it is left to the server (RFC 6749 section 1.5). */
export async function tokensWithRefresh(flow: Flow, options: AuthorizationOptions = {}): Promise<TokenSet> {
  try {
    return await flow.tokens({ ...options, offline: true });
  } catch (signal) {
    if (signal instanceof Blocked && signal.step === 'refresh') {
      throw new NotTested('the server issued no refresh token, so there was nothing to refresh');
    }
    throw signal;
  }
}

/** Says that refresh-works owns the fault when a valid refresh gave no tokens. */
export function demandRefreshed(exchange: Exchange, what: string): void {
  if (!hasTokens(exchange))
    throw new Blocked('refresh', `${what} gave no tokens (${describeTokenAnswer(exchange)})`);
}
