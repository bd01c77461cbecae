/** What the checks of introspection do alike: asking as the client of the token, and reading `active`. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { isUnsupportedTokenType } from '../steps/revocation.js';

/** @returns `active` as it came, for a sentence */
export function describeActive(exchange: Exchange): string {
  const { active } = exchange.object();
  const shown = typeof active === 'string' ? `the string "${active}"` : String(active);
  return `status ${exchange.status}, ${active === undefined ? 'no active' : `active ${shown}`}`;
}

/** The server lets the caller in; else its answer says nothing of the token (RFC 7662 section 2.3 leaves that to it). */
export function demandMayIntrospect(exchange: Exchange): void {
  const refused = [401, 403].includes(exchange.status) || exchange.string('error') === 'invalid_client';
  if (!refused) return;
  throw new NotTested(`The client is not allowed to introspect (${describeExchange(exchange)}).`);
}

/** 200 and `active`, the boolean false, which tells nothing of the token. */
export function judgeInactive(expect: Expect, exchange: Exchange, what: string): void {
  const { active } = expect.jsonObject(exchange, `the introspection of ${what}`);
  expect.that(active === false, `${capitalize(what)} is not reported inactive.`, {
    expected: 'status 200, active false',
    received: describeActive(exchange),
  });
}

/**
 * Asks for a token that is live. A server may keep a token from a client, and then rightly says that it is
 * inactive (RFC 7662 section 2.2): userinfo tells that apart from a fault.
 */
export async function introspectActive(
  flow: Flow,
  token: string,
  client: Client,
  note: string,
): Promise<Exchange> {
  const isSettled = (answer: Exchange) => answer.status !== 200 || answer.object().active !== false;
  const exchange = await useFresh(() => flow.introspect(token, { auth: { client }, note }), isSettled);
  demandMayIntrospect(exchange);
  if (isUnsupportedTokenType(exchange))
    throw new NotApplicable('The server does not introspect such tokens.');
  if (exchange.status === 200 && exchange.object().active === false) {
    throw new NotTested(
      "The server calls the client's own token inactive, which is also the answer if the client may not see it.",
    );
  }
  return exchange;
}

/** The same as set-up: blocked by introspect-active when the answer is not good. */
export async function demandActive(
  flow: Flow,
  token: string,
  client: Client,
  note: string,
): Promise<Readonly<Record<string, unknown>>> {
  const exchange = await introspectActive(flow, token, client, note);
  const claims = exchange.object();
  if (exchange.status === 200 && claims.active === true) return claims;
  throw new Blocked('introspection', `A live token was introspected with ${describeActive(exchange)}.`);
}
