/** Grants to refresh, and refreshes that have to work before another is judged. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { AuthorizationOptions, Flow, Tokens } from '../../fixtures/flow/types.js';
import { hasTokens, whatCame } from '../../fixtures/judgement/describe.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { refreshableTokens } from '../token/twins.js';

/** Tokens with a refresh token. Without one there is nothing to judge: issuing it is left to the server (RFC 6749 section 1.5). */
export async function offline(flow: Flow, options: AuthorizationOptions = {}): Promise<Tokens> {
  const tokens = await refreshableTokens(flow, options);
  if (tokens !== null) return tokens;
  throw new NotTested('the server issued no refresh token, so there was nothing to refresh');
}

/** Says that refresh-works owns the fault when a valid refresh gave no tokens. */
export function demandIssued(exchange: Exchange, what: string): void {
  if (!hasTokens(exchange)) throw new Blocked('refresh', `${what} gave no tokens (${whatCame(exchange)})`);
}
