/** Sends registrations, and reads their answers. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';

/**
 * Sends a registration (RFC 7591 section 3.1). NotTested if the answer says nothing about the body: registration needs
 * authorization (401) or is rate-limited (429).
 */
export async function sendRegistration(flow: Flow, body: unknown, note: string): Promise<Exchange> {
  const exchange = await flow.register(body, note);
  if (exchange.status === 401) throw registrationClosed(exchange.status);
  if (exchange.status === 429) {
    throw new NotTested(
      'The server limits registrations (status 429), so its answer says nothing about this one.',
    );
  }
  return exchange;
}

/** Sends a valid registration; 403 means that registration is closed to us. */
export async function sendValidRegistration(flow: Flow, body: unknown, note: string): Promise<Exchange> {
  const exchange = await sendRegistration(flow, body, note);
  if (exchange.status === 403) throw registrationClosed(exchange.status);
  return exchange;
}

/**
 * The control of a registration that must be refused.
 * @param step whose owner is named if it fails
 */
export async function registerControl(
  flow: Flow,
  body: unknown,
  step: Step = 'registration',
): Promise<Exchange> {
  const exchange = await sendValidRegistration(flow, body, 'the control request');
  if (hasClient(exchange)) return exchange;
  throw new Blocked(step, `A valid registration gave no client: ${describeExchange(exchange)}.`);
}

/** The control again: what was refused in between was not refused because registration had closed. */
export async function registerControlAgain(flow: Flow, body: unknown): Promise<void> {
  const exchange = await sendValidRegistration(flow, body, 'the control request again');
  if (hasClient(exchange)) return;
  throw new NotTested(
    `The valid registration worked before, but not afterward (${describeExchange(exchange)}), so the refusals may have another cause.`,
  );
}

/** @returns whether the response describes a client */
export function hasClient(exchange: Exchange): boolean {
  return exchange.status >= 200 && exchange.status < 300 && hasClientId(exchange);
}

export function hasClientId(exchange: Exchange): boolean {
  return (exchange.string('client_id') ?? '') !== '';
}

/** @returns the redirect URIs that the response returns, or null if they are not a list of strings */
export function returnedRedirectUris(exchange: Exchange): readonly string[] | null {
  const { redirect_uris: list } = exchange.object();
  return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : null;
}

function registrationClosed(status: number): NotTested {
  return new NotTested(
    `Registration is closed to us (${status}): add registration.as, such as an initial access token, to the target file.`,
  );
}
