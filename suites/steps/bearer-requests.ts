/** API requests with a bearer token: one that is accepted, and how others are refused. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { ApiEndpoint, AuthorizationOptions, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isObject } from '../../fixtures/parse-json.js';
import { Blocked } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { useFresh } from './fresh-tokens.js';
import { isUnavailable, nullOn } from './signals.js';

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

/** An endpoint that accepts the tokens of a check. */
export interface ProtectedPlace {
  readonly endpoint: ApiEndpoint;
  /** For the end of a noun phrase: '' or ' at userinfo'. */
  readonly where: string;
  /** The answer to the good token. */
  readonly control: Exchange;
}

/**
 * Tokens, and each place that accepts them: the protected endpoint and, if that's another one, userinfo. A server may
 * read tokens in each place with other code. Blocked by api-bearer if the first doesn't accept them; userinfo-get reports
 * a userinfo that doesn't.
 */
export async function acceptedAtEachPlace(
  { flow, target }: Pick<CheckContext, 'flow' | 'target'>,
  options: AuthorizationOptions & { readonly offline?: boolean } = {},
): Promise<{ readonly tokens: TokenSet; readonly places: readonly [ProtectedPlace, ...ProtectedPlace[]] }> {
  const { tokens, control } = await acceptedToken(flow, 'protected', options);
  const first: ProtectedPlace = { endpoint: 'protected', where: '', control };
  if (target.profile === 'oauth' || target.document?.userinfo_endpoint === undefined)
    return { tokens, places: [first] };
  if (flow.endpoint('userinfo') === control.request.url)
    return { tokens, places: [{ ...first, where: ' at userinfo' }] };
  const atUserinfo = await nullOn(isUnavailable, () =>
    demandAccepted(flow, 'userinfo', tokens.access_token, 'the control request at userinfo'),
  );
  if (atUserinfo === null) return { tokens, places: [first] };
  return { tokens, places: [first, { endpoint: 'userinfo', where: ' at userinfo', control: atUserinfo }] };
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
    const step = endpoint === 'userinfo' ? 'userinfo' : 'apiRequest';
    throw new Blocked(step, `A valid token was answered with ${describeExchange(exchange)}.`);
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
    exchange,
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
