/** Exchanges at the token endpoint that show whether it works, and whom it knows. */

import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { AuthorizationCode, AuthorizationOptions, Client, Flow } from '../../fixtures/flow/types.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';

/**
 * The control request of a request that must be refused: a fresh code of the same client, redeemed as it should be.
 * @param step what this exchange is, for its owner when it fails
 */
export async function exchangeFreshCode(
  flow: Flow,
  options: AuthorizationOptions,
  step: Step = 'tokens',
): Promise<Exchange> {
  return exchangeOrBlock(flow, await flow.code(options), step);
}

/** Redeems this very code as it should be. */
export async function exchangeOrBlock(
  flow: Flow,
  code: AuthorizationCode,
  step: Step = 'tokens',
): Promise<Exchange> {
  const exchange = await flow.exchangeCode(code, { note: 'the control request' });
  if (hasTokens(exchange)) return exchange;
  // Where the endpoint fails for everybody, that is its own requirement's matter, and no narrower one's.
  if (step !== 'tokens') await demandEndpointWorks(flow, exchange);
  throw new Blocked(step, `a valid exchange gave no tokens (${describeExchange(exchange)})`);
}

/** A server error says nothing of the request where the endpoint fails as such: a control request shows it. */
export async function demandEndpointWorks(flow: Flow, exchange: Exchange): Promise<void> {
  if (exchange.status >= 500) await exchangeFreshCode(flow, {});
}

/**
 * Where a request was refused as invalid_client though the client authenticated as it should, or with a server
 * error: a control request shows whether that works at all.
 */
export async function demandAuthenticated(flow: Flow, exchange: Exchange, client: Client): Promise<void> {
  if (exchange.string('error') === 'invalid_client' || exchange.status >= 500)
    await exchangeFreshCode(flow, { client });
}

/**
 * A token request with a made-up code: for the code alone it is an invalid_grant, so another answer is about the client.
 * @param secret in place of the client's own
 */
export async function exchangeUnknownCode(
  flow: Flow,
  client: Client,
  note: string,
  secret: string | null = client.client_secret,
): Promise<Exchange> {
  const answer = await flow.tokenRequest(unknownCodeParams(flow, client), { auth: { client, secret }, note });
  requireNotRateLimited(answer);
  return answer;
}

/** A well-formed exchange of a code that was never issued. */
export function unknownCodeParams(
  flow: Pick<Flow, 'newPkce'>,
  { redirect_uri }: Pick<Client, 'redirect_uri'>,
): Readonly<Record<string, string>> {
  return {
    grant_type: 'authorization_code',
    code: randomBytes(32).toString('base64url'),
    redirect_uri,
    code_verifier: flow.newPkce().code_verifier,
  };
}

/** @returns how often each answer came: `1 times 200 with tokens, 7 times 400 invalid_grant` */
export function countAnswers(exchanges: readonly Exchange[]): string {
  const counts = new Map<string, number>();
  for (const exchange of exchanges)
    counts.set(describeExchange(exchange), (counts.get(describeExchange(exchange)) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${count} times ${answer}`).join(', ');
}
