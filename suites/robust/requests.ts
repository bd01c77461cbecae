/** What the checks of this chapter share: requests whose values are sent byte for byte, and their valid twins. */

import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { authentication, withQuery } from '../../fixtures/flow/parameters.js';
import type { Client, Flow, RawAnswer } from '../../fixtures/flow/types.js';
import { whatCame } from '../../fixtures/judgement/describe.js';
import { demandNoLimit } from '../../fixtures/judgement/limit.js';
import { Blocked, Broken, NotTested } from '../../fixtures/verdict.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { demandEndpointWorks, madeUpExchange } from '../token/twins.js';

/** Who asks for authorization. */
export interface Asker {
  readonly client_id: string;
  readonly redirect_uri: string;
}

const NOBODY: Asker = {
  client_id: 'polar-conformance-unknown-client',
  redirect_uri: 'https://app.example.com/callback',
};

/** The standing client, or a made-up one where there are no means to have it: an error is provoked either way. */
export async function asker(flow: Flow): Promise<Client | Asker> {
  return (await nullOn(isUnavailable, () => flow.client())) ?? NOBODY;
}

/**
 * The URL of an authorization request.
 * @param raw values that replace those of an ordinary request; percent-encoded already, or malformed on purpose
 */
export function requestUrl(flow: Flow, who: Asker, raw: Readonly<Record<string, string>> = {}): string {
  const params = {
    response_type: 'code',
    client_id: encodeURIComponent(who.client_id),
    redirect_uri: encodeURIComponent(who.redirect_uri),
    scope: flow.narrow,
    state: randomBytes(12).toString('hex'),
    nonce: randomBytes(12).toString('hex'),
    code_challenge: flow.pkce().code_challenge,
    code_challenge_method: 'S256',
    ...raw,
  };
  const endpoint = withQuery(flow.endpoint('authorization'), new URLSearchParams({ at: '' }));
  return endpoint.slice(0, -'at='.length) + pairs(params);
}

/** @returns name=value joined by ampersands, values as they are */
function pairs(params: Readonly<Record<string, string>>): string {
  return Object.entries(params)
    .map((pair) => pair.join('='))
    .join('&');
}

/** A token request as text: a made-up code, and the client's own authentication. */
export interface TokenForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  /** @returns the form, with percent-encoded or malformed values in the place of its own */
  body(raw?: Readonly<Record<string, string>>): string;
}

export function tokenForm(flow: Flow, client: Client): TokenForm {
  const proof = authentication({ client });
  const fields = { ...madeUpExchange(flow, client), ...proof.fields };
  const encoded = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, encodeURIComponent(value)]),
  );
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...proof.headers },
    fields,
    body: (raw = {}) => pairs({ ...encoded, ...raw }),
  };
}

/** The control of the token endpoint: a made-up code is refused as such, so the client is authenticated. */
export async function demandWellFormedAnswered(flow: Flow, client: Client): Promise<void> {
  const exchange = await wellFormed(flow, client, 'the control: a well-formed request with a made-up code');
  if (isAnsweredWell(exchange)) return;
  await demandEndpointWorks(flow, exchange);
  throw new Blocked(
    'tokenError',
    `A well-formed token request with a made-up code was answered with ${whatCame(exchange)}.`,
  );
}

/** The control once more: what was sent in between did the server no harm. */
export async function demandUnharmed(flow: Flow, client: Client, after: string): Promise<void> {
  const received = await wellFormed(flow, client, 'the control again').then(
    (exchange) => (isAnsweredWell(exchange) ? null : whatCame(exchange)),
    reasonOf,
  );
  if (received === null) return;
  throw new Broken(`After ${after} the token endpoint no longer answers a well-formed request as before.`, {
    expected: '400 invalid_grant, as before',
    received,
  });
}

async function wellFormed(flow: Flow, client: Client, note: string): Promise<Exchange> {
  const exchange = await flow.tokenRequest(madeUpExchange(flow, client), { auth: { client }, note });
  demandNoLimit(exchange);
  return exchange;
}

function isAnsweredWell(exchange: Exchange): boolean {
  return exchange.status === 400 && exchange.string('error') === 'invalid_grant';
}

/** A signal passes on; any other error is a request that got no answer. */
export function reasonOf(error: unknown): string {
  if (error instanceof NotTested || error instanceof Blocked || error instanceof Broken) throw error;
  return error instanceof Error ? error.message : String(error);
}

/** @returns whether the request was refused as the client's mistake, or the connection closed */
export function isClientError({ exchange: { status }, closed }: RawAnswer): boolean {
  return closed || (status >= 400 && status < 500);
}
