/** Token requests that show whether the endpoint works, and which clients it knows. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { AuthorizationCode, AuthorizationOptions, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';

/**
 * The control of a request that must be refused: a valid exchange of a fresh code.
 * @param step whose owner is named if it fails
 */
export async function exchangeFreshCode(
  flow: Flow,
  options: AuthorizationOptions,
  step: Step = 'tokens',
): Promise<Exchange> {
  return exchangeOrBlock(flow, await flow.code(options), step);
}

/** Exchanges this code as it should be. Blocked by the owner of `step` if that gives no tokens. */
export async function exchangeOrBlock(
  flow: Flow,
  code: AuthorizationCode,
  step: Step = 'tokens',
): Promise<Exchange> {
  const exchange = await flow.exchangeCode(code, { note: 'the control request' });
  if (hasTokens(exchange)) return exchange;
  // If the endpoint fails for everybody, token-exchange reports it, not a narrower requirement.
  if (step !== 'tokens') await demandEndpointWorks(flow, exchange);
  throw new Blocked(step, `A valid exchange gave no tokens: ${describeExchange(exchange)}.`);
}

/** @returns whether a fresh code gives no tokens to client_id alone. That it must not is judged by token-auth-missing */
export async function needsSecret(flow: Flow, client: Client): Promise<boolean> {
  const auth = { client, method: 'none' as const };
  const code = await flow.code({ client });
  return !hasTokens(await flow.exchangeCode(code, { auth, note: 'the control: client_id alone' }));
}

/** A server error says nothing about the request if the endpoint always fails: a valid exchange shows that. */
export async function demandEndpointWorks(flow: Flow, exchange: Exchange): Promise<void> {
  if (exchange.status >= 500) await exchangeFreshCode(flow, {});
}

/** An exchange that fails for its code says nothing of how the client authenticated. */
export function demandCodeAccepted(exchange: Exchange): void {
  if (exchange.string('error') === 'invalid_grant')
    throw new Blocked('tokens', `A fresh code was refused: ${describeExchange(exchange)}.`);
}

/**
 * After invalid_client for a client that authenticated correctly, or after a server error: a valid exchange shows
 * whether that works at all.
 */
export async function demandAuthenticated(flow: Flow, exchange: Exchange, client: Client): Promise<void> {
  if (exchange.string('error') === 'invalid_client' || exchange.status >= 500)
    await exchangeFreshCode(flow, { client });
}

/**
 * A token request with a made-up code. Because of the code it is an invalid_grant, so any other answer is about the
 * client.
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

/** The parameters of a well-formed exchange of a code that was never issued. */
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

/** @returns how often each answer came: `1 × status 200 with access_token, 7 × status 400, error invalid_grant` */
export function countAnswers(exchanges: readonly Exchange[]): string {
  const counts = new Map<string, number>();
  for (const exchange of exchanges)
    counts.set(describeExchange(exchange), (counts.get(describeExchange(exchange)) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${count} × ${answer}`).join(', ');
}
