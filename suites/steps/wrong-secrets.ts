/** Secrets that are not a client's own, and what a client that sends one must be answered. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';

/** RFC 6749 section 5.2: 401 is allowed for every failed authentication, 400 where the header was not used. */
export const REFUSED_IN_BODY: readonly number[] = [400, 401];

export interface WrongSecret {
  readonly secret: string;
  /** For a sentence: 'a secret with one more character'. */
  readonly what: string;
}

/** Other secrets than this one, each close to it in another way. */
export function wrongSecrets(
  secret: string,
  alter: CheckContext['alter'],
): readonly [WrongSecret, ...WrongSecret[]] {
  return [
    { secret: alter(secret, 'random'), what: 'a secret of the same length with other characters' },
    { secret: alter(secret, 'longer'), what: 'a secret with one more character' },
    { secret: alter(secret, 'shorter'), what: 'a secret without its last character' },
    ...(/[a-z]/i.test(secret)
      ? [{ secret: alter(secret, 'case'), what: 'a secret with its letters in the other case' }]
      : []),
  ];
}

/** RFC 6749 section 5.2: client authentication failed. NotTested after a rate limit */
export function expectClientRefused(
  expect: Expect,
  exchange: Exchange,
  { status, what }: { readonly status: readonly number[]; readonly what: string },
): void {
  if (exchange.status === 429) throw new NotTested(`The server's rate limit turned away ${what}.`);
  expect.refused(exchange, { status, error: 'invalid_client', what });
}

/** RFC 6749 section 5.2: the challenge has the scheme that the client used. */
export function expectBasicChallenge(expect: Expect, exchange: Exchange, what: string): void {
  const field = exchange.header('www-authenticate');
  expect.that(
    field !== null && /(^|,)\s*basic(\s|,|$)/i.test(field),
    field === null
      ? `The answer to ${what} has no WWW-Authenticate.`
      : `WWW-Authenticate in the answer to ${what} does not name the scheme Basic.`,
    { expected: 'WWW-Authenticate: Basic …', received: field ?? 'no such header', exchange },
  );
}
