/** What the checks of this chapter share: requests whose values are sent byte for byte, and their control requests. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { appendQuery, buildClientAuthentication } from '../../fixtures/flow/parameters.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, Failed, NotTested } from '../../fixtures/verdict.js';
import { demandEndpointWorks, exchangeUnknownCode, unknownCodeParams } from '../steps/exchange.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

/** Who asks for authorization. */
export interface Requester {
  readonly client_id: string;
  readonly redirect_uri: string;
}

const UNKNOWN_CLIENT: Requester = {
  client_id: 'polar-conformance-unknown-client',
  redirect_uri: 'https://app.example.com/callback',
};

/** The shared client, or a made-up one if there is none: an error is provoked either way. */
export async function sharedOrUnknownClient(flow: Flow): Promise<Client | Requester> {
  return (await nullOn(isUnavailable, () => flow.client())) ?? UNKNOWN_CLIENT;
}

/**
 * The URL of an authorization request.
 * @param raw values that replace those of an ordinary request, percent-encoded already or malformed on purpose
 */
export function rawAuthorizationUrl(
  flow: Flow,
  who: Requester,
  raw: Readonly<Record<string, string>> = {},
): string {
  const params = {
    response_type: 'code',
    client_id: encodeURIComponent(who.client_id),
    redirect_uri: encodeURIComponent(who.redirect_uri),
    scope: flow.minimalScope,
    state: randomBytes(12).toString('hex'),
    nonce: randomBytes(12).toString('hex'),
    code_challenge: flow.newPkce().code_challenge,
    code_challenge_method: 'S256',
    ...raw,
  };
  const endpoint = appendQuery(flow.endpoint('authorization'), new URLSearchParams({ at: '' }));
  return endpoint.slice(0, -'at='.length) + joinPairs(params);
}

/** @returns name=value joined by ampersands, values as they are */
function joinPairs(params: Readonly<Record<string, string>>): string {
  return Object.entries(params)
    .map((pair) => pair.join('='))
    .join('&');
}

/** A token request as text: a made-up code, and the client's own authentication. */
export interface TokenForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  /** @returns the form, with percent-encoded or malformed values in place of its own */
  body(raw?: Readonly<Record<string, string>>): string;
}

export function tokenForm(flow: Flow, client: Client): TokenForm {
  const proof = buildClientAuthentication({ client });
  const fields = { ...unknownCodeParams(flow, client), ...proof.fields };
  const encoded = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, encodeURIComponent(value)]),
  );
  return {
    // token-accept-any judges what other clients accept.
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...proof.headers,
    },
    fields,
    body: (raw = {}) => joinPairs({ ...encoded, ...raw }),
  };
}

/** The control of the token endpoint: a made-up code is refused as such, so the client is authenticated. */
export async function demandWellFormedAnswered(flow: Flow, client: Client): Promise<void> {
  const note = 'the control: a well-formed request with a made-up code';
  const exchange = await exchangeUnknownCode(flow, client, note);
  if (isAnsweredWell(exchange)) return;
  await demandEndpointWorks(flow, exchange);
  throw new Blocked(
    'tokenError',
    `A well-formed token request with a made-up code was answered with ${describeExchange(exchange)}.`,
  );
}

/** The control once more: what was sent in between did the server no harm. */
export async function demandUnharmed(flow: Flow, client: Client, after: string): Promise<void> {
  const received = await exchangeUnknownCode(flow, client, 'the control again').then(
    (exchange) => (isAnsweredWell(exchange) ? null : describeExchange(exchange)),
    explainError,
  );
  if (received === null) return;
  throw new Failed(`After ${after} the token endpoint no longer answers a well-formed request as before.`, {
    expected: '400 invalid_grant, as before',
    received,
  });
}

function isAnsweredWell(exchange: Exchange): boolean {
  return exchange.status === 400 && exchange.string('error') === 'invalid_grant';
}

/** A signal passes on; any other error is a request that got no answer. */
export function explainError(error: unknown): string {
  if (error instanceof NotTested || error instanceof Blocked || error instanceof Failed) throw error;
  return error instanceof Error ? error.message : String(error);
}
