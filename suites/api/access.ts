/** What the checks of this chapter share: a token that is accepted, and what a refusal must not contain. */

import { type Exchange, isObject } from '../../fixtures/evidence/exchange.js';
import type { ApiEndpoint, AuthorizationOptions, Flow, Tokens } from '../../fixtures/flow/types.js';
import { capital, whatCame } from '../../fixtures/judgement/describe.js';
import type { Expect } from '../../fixtures/judgement/expect.js';
import { demandNoLimit } from '../../fixtures/judgement/limit.js';
import { Blocked } from '../../fixtures/verdict.js';

export interface Accepted {
  readonly tokens: Tokens;
  /** The answer to the good token. */
  readonly control: Exchange;
}

/** Tokens that the endpoint accepts. Blocked by api-bearer. */
export async function accepted(
  flow: Flow,
  endpoint: ApiEndpoint,
  options: AuthorizationOptions & { readonly offline?: boolean } = {},
): Promise<Accepted> {
  const client = options.client ?? (await flow.client());
  const scope = options.scope ?? flow.apiScope(client, endpoint);
  const tokens = await flow.tokens({ ...options, client, scope });
  return { tokens, control: await demandAccepted(flow, endpoint, tokens.access_token, 'the valid twin') };
}

/** The endpoint accepts this token. Blocked by api-bearer. */
export async function demandAccepted(
  flow: Flow,
  endpoint: ApiEndpoint,
  token: string,
  note: string,
): Promise<Exchange> {
  const exchange = await flow.api(endpoint, token, { note });
  demandNoLimit(exchange);
  if (exchange.status !== 200) {
    throw new Blocked('apiRequest', `A valid token was answered with ${whatCame(exchange)}.`);
  }
  return exchange;
}

export interface Refused {
  /** What was refused, for the sentence: 'a request without a token'. */
  readonly what: string;
  /** What the same endpoint answers to a good token. */
  readonly control: Exchange;
  /** The status codes that the clause allows; by default every 4xx. */
  readonly status?: readonly number[];
  /** Whether WWW-Authenticate must offer Bearer. */
  readonly challenge?: boolean;
}

/** A refusal that gives none of the data that the good token gets. */
export function demandRefused(
  expect: Expect,
  exchange: Exchange,
  { what, control, status, challenge = false }: Refused,
): void {
  const subject = capital(what);
  if (status !== undefined) expect.status(exchange, status, what);
  else expect.clientError(exchange, `${subject} was answered with status ${exchange.status}.`);
  expect.that(!tells(exchange, control), `${subject} was refused, and got the data all the same.`, {
    expected: 'a refusal without data',
    received: whatCame(exchange),
  });
  if (challenge) expect.bearerChallenge(exchange, `${subject} was refused without a Bearer challenge.`);
}

/** Shorter values occur by chance. */
const TELLING_LENGTH = 6;

/** Whether one of the values that the good token got stands in the refusal. */
function tells(refusal: Exchange, control: Exchange): boolean {
  return leaves(control.json()).some(
    (value) => value.length >= TELLING_LENGTH && refusal.response.body.includes(value),
  );
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return isObject(value) ? Object.values(value).flatMap(leaves) : [];
}
