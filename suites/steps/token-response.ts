/** What a successful token response consists of (RFC 6749 section 5.1). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Expect } from '../../fixtures/expect/types.js';

const BEARER = /^bearer$/i;
/** The only form that fits into an Authorization header (RFC 6750 section 2.1). */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * A well-formed token response with a Bearer token.
 * @param what names the response in the sentence
 */
export function judgeTokenResponse(expect: Expect, exchange: Exchange, what: string): void {
  const body = expect.jsonObject(exchange, what, 200);
  const accessToken = expect.string(body.access_token, 'access_token', what);
  expect.that(
    B64TOKEN.test(accessToken),
    `The access_token in ${what} has characters that no Authorization header may carry.`,
    { expected: 'letters, digits and - . _ ~ + / with = at the end only', received: 'other characters' },
  );
  const type = expect.string(body.token_type, 'token_type', what);
  expect.that(BEARER.test(type), `The token_type in ${what} is not Bearer.`, {
    expected: 'Bearer, in any letter case',
    received: type,
  });
  expect.matchesSchema('token', body, what, exchange);
}
