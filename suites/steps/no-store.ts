/** Responses that no cache may keep (RFC 6749 section 5.1). */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Expect } from '../../fixtures/expect/types.js';

/** Cache-Control has the directive no-store. @param what names the response: 'the response to the exchange' */
export function expectNoStore(expect: Expect, exchange: Exchange, what: string): void {
  const field = exchange.header('cache-control');
  const directives = (field ?? '').split(',').map((directive) => directive.trim().toLowerCase());
  expect.that(
    directives.includes('no-store'),
    field === null ? `There is no Cache-Control in ${what}.` : `Cache-Control in ${what} lacks no-store.`,
    { expected: 'Cache-Control: no-store', received: field ?? 'no such header', exchange },
  );
}
