/** Tokens for one API (RFC 8707), and whom a token is for, as far as anybody outside can see. */
import { decodeJwt } from 'jose';
import { describeExchange, describeOutcome, hasTokens } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { ApiEndpoint, AuthorizationOptions, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isObject } from '../../fixtures/parse-json.js';
import { Blocked } from '../../fixtures/verdict.js';
import { isNotApplicable, nullOn } from '../steps/signals.js';

/** @returns the options of an authorization request for these resources, with the scopes of these endpoints */
export async function requestFor(
  flow: Flow,
  resources: readonly string[],
  endpoints: readonly ApiEndpoint[] = ['protected'],
): Promise<AuthorizationOptions> {
  const client = await flow.client();
  return {
    client,
    scope: flow.apiScope(client, ...endpoints),
    params: resources.length === 0 ? {} : { resource: resources },
  };
}

/** @returns tokens for these resources, named in both requests. Blocked by agents-resource-accepted */
export async function tokensFor(
  flow: Flow,
  resources: readonly string[],
  endpoints: readonly ApiEndpoint[] = ['protected'],
): Promise<TokenSet> {
  const request = await requestFor(flow, resources, endpoints);
  const note = `for ${resources.join(' and ')}`;
  const answer = await flow.authorize({ ...request, note: `an authorization request ${note}` });
  const code = readCode(answer);
  if (code === null) throw new Blocked('resource', `A request ${note} ended at ${describeOutcome(answer)}.`);
  const params = { resource: resources };
  const exchange = await flow.exchangeCode(code, { params, note: `the exchange ${note}` });
  if (hasTokens(exchange)) return readTokens(code, exchange);
  throw new Blocked('resource', `The exchange ${note} gave no tokens: ${describeExchange(exchange)}.`);
}

/**
 * @returns whom the token is for, by its own claims if it's a JWT, else by introspection; null if neither says it
 */
export async function audienceOf(flow: Flow, tokens: TokenSet): Promise<readonly string[] | null> {
  const claims = readClaims(tokens.access_token) ?? (await introspect(flow, tokens));
  const aud = claims?.aud;
  if (typeof aud === 'string') return [aud];
  return Array.isArray(aud) ? aud.map(String) : null;
}

function readClaims(token: string): Readonly<Record<string, unknown>> | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}

async function introspect(
  flow: Flow,
  { access_token, client }: TokenSet,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (client.client_secret === null) return null;
  if ((await nullOn(isNotApplicable, () => flow.endpoint('introspection'))) === null) return null;
  const exchange = await flow.introspect(access_token, { auth: { client }, note: 'whom the token is for' });
  const claims = exchange.json();
  return exchange.status === 200 && isObject(claims) && claims.active === true ? claims : null;
}
