/** API requests with a bearer token: one that is accepted, and how others are refused. */
import { type Exchange, isObject } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { ApiEndpoint, AuthorizationOptions, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked } from '../../fixtures/verdict.js';
import { useFresh } from './fresh-tokens.js';

interface AcceptedToken {
  readonly tokens: TokenSet;
  /** The answer to the good token. */
  readonly control: Exchange;
}

/** Tokens that the endpoint accepts. Blocked by api-bearer if it does not. */
export async function acceptedToken(
  flow: Flow,
  endpoint: ApiEndpoint,
  options: AuthorizationOptions & { readonly offline?: boolean } = {},
): Promise<AcceptedToken> {
  const client = options.client ?? (await flow.client());
  const scope = options.scope ?? flow.apiScope(client, endpoint);
  const tokens = await flow.tokens({ ...options, client, scope });
  return {
    tokens,
    control: await demandAccepted(flow, endpoint, tokens.access_token, 'the control request'),
  };
}

/** A server that limits requests is not asked again. */
const isAcceptedOrLimited = ({ status }: Exchange): boolean => status === 200 || status === 429;

/** The endpoint accepts this token. Blocked by api-bearer if not. */
export async function demandAccepted(
  flow: Flow,
  endpoint: ApiEndpoint,
  token: string,
  note: string,
): Promise<Exchange> {
  const exchange = await useFresh(() => flow.callApi(endpoint, token, { note }), isAcceptedOrLimited);
  requireNotRateLimited(exchange);
  if (exchange.status !== 200) {
    throw new Blocked('apiRequest', `A valid token was answered with ${describeExchange(exchange)}.`);
  }
  return exchange;
}

export interface ExpectedRefusal {
  /** What was refused, for the sentence: 'a request without a token'. */
  readonly what: string;
  /** What the same endpoint answers to a good token. */
  readonly control: Exchange;
  /** The status codes that the clause allows; by default every 4xx. */
  readonly status?: readonly number[];
  /** Whether WWW-Authenticate must offer Bearer. */
  readonly challenge?: boolean;
}

/** A refusal that reveals none of the data that the valid token gets. */
export function expectBearerRefused(
  expect: Expect,
  exchange: Exchange,
  { what, control, status, challenge = false }: ExpectedRefusal,
): void {
  const subject = capitalize(what);
  if (status !== undefined) expect.status(exchange, status, what);
  else expect.clientError(exchange, `${subject} was answered with status ${exchange.status}.`);
  expect.that(!revealsData(exchange, control), `${subject} was refused, but the refusal contains the data.`, {
    expected: 'a refusal without data',
    received: describeExchange(exchange),
  });
  if (challenge) expect.bearerChallenge(exchange, `${subject} was refused without a Bearer challenge.`);
}

/** Shorter values may occur by chance. */
const MIN_REVEALING_LENGTH = 6;

/** Whether the refusal contains one of the values that the valid token got. */
function revealsData(refusal: Exchange, control: Exchange): boolean {
  return listStrings(control.json()).some(
    (value) => value.length >= MIN_REVEALING_LENGTH && refusal.response.body.includes(value),
  );
}

function listStrings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(listStrings);
  return isObject(value) ? Object.values(value).flatMap(listStrings) : [];
}
