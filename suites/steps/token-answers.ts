/** What the checks of the chapters token and refresh do alike: control requests, and looking at what was issued. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type {
  AuthorizationCode,
  AuthorizationOptions,
  Client,
  Flow,
  TokenSet,
} from '../../fixtures/flow/types.js';
import type { Step } from '../../fixtures/owners.js';
import type { SharedClientName } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';

/** @returns whether the response issued an access token */
export function hasTokens(exchange: Exchange): boolean {
  return exchange.status === 200 && (exchange.string('access_token') ?? '') !== '';
}

/** @returns what came, in a few words: `400 invalid_grant`, `200 with tokens`, `405 without an error code` */
export function describeTokenAnswer(exchange: Exchange): string {
  if (hasTokens(exchange)) return `${exchange.status} with tokens`;
  return `${exchange.status} ${exchange.string('error') ?? 'without an error code'}`;
}

/** @returns how often each answer came: `1 times 200 with tokens, 7 times 400 invalid_grant` */
export function countAnswers(exchanges: readonly Exchange[]): string {
  const counts = new Map<string, number>();
  for (const exchange of exchanges)
    counts.set(describeTokenAnswer(exchange), (counts.get(describeTokenAnswer(exchange)) ?? 0) + 1);
  return [...counts].map(([answer, count]) => `${count} times ${answer}`).join(', ');
}

/** Tokens out of an exchange of this code. Blocked by token-exchange. */
export function readTokens(code: AuthorizationCode, exchange: Exchange): TokenSet {
  if (!hasTokens(exchange))
    throw new Blocked('tokens', `The exchange gave no tokens (${describeTokenAnswer(exchange)}).`);
  return {
    access_token: exchange.string('access_token') ?? '',
    refresh_token: exchange.string('refresh_token'),
    id_token: exchange.string('id_token'),
    scope: exchange.string('scope') ?? '',
    client: code.client,
    code,
    exchange,
  };
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

/**
 * The control request of a request that must be refused: a fresh code of the same client, redeemed as it should be.
 * @param step what this exchange is, for its owner when it fails
 */
export async function redeemFreshCode(
  flow: Flow,
  options: AuthorizationOptions,
  step: Step = 'tokens',
): Promise<Exchange> {
  return redeemOrBlock(flow, await flow.code(options), step);
}

/** Redeems this very code as it should be. */
export async function redeemOrBlock(
  flow: Flow,
  code: AuthorizationCode,
  step: Step = 'tokens',
): Promise<Exchange> {
  const exchange = await flow.exchangeCode(code, { note: 'the control request' });
  if (hasTokens(exchange)) return exchange;
  // Where the endpoint fails for everybody, that is its own requirement's matter, and no narrower one's.
  if (step !== 'tokens') await demandEndpointWorks(flow, exchange);
  throw new Blocked(step, `a valid exchange gave no tokens (${describeTokenAnswer(exchange)})`);
}

/** A server error says nothing of the request where the endpoint fails as such: a control request shows it. */
export async function demandEndpointWorks(flow: Flow, exchange: Exchange): Promise<void> {
  if (exchange.status >= 500) await redeemFreshCode(flow, {});
}

/**
 * Where a request was refused as invalid_client though the client authenticated as it should, or with a server
 * error: a control request shows whether that works at all.
 */
export async function demandAuthenticated(flow: Flow, exchange: Exchange, client: Client): Promise<void> {
  if (exchange.string('error') === 'invalid_client' || exchange.status >= 500)
    await redeemFreshCode(flow, { client });
}

/** @returns an authorization code, or null when the server refuses the request */
export async function codeIfGranted(
  flow: Flow,
  options: AuthorizationOptions & { readonly client: Client },
): Promise<AuthorizationCode | null> {
  const answer = await flow.authorize(options);
  if (answer.kind !== 'redirected') return null;
  const value = answer.query.get('code');
  return value === null ? null : { value, client: options.client, request: answer.request, outcome: answer };
}

/** @returns the shared client, or null where there are no means to have it */
export async function sharedClientIfAny(flow: Flow, which: SharedClientName): Promise<Client | null> {
  return nullIfNotTested(() => flow.client(which));
}

/** @returns a client of the check's own, or null with closed registration */
export async function ownClientIfOpen(
  flow: Flow,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Client | null> {
  return nullIfNotTested(() => flow.newClient(changes));
}

/** @returns tokens by a fresh code, with a refresh token where the server gives one */
export async function tokensWithRefreshIfAny(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<TokenSet> {
  if (!refreshSupported(flow)) return flow.tokens(options);
  try {
    return await flow.tokens({ ...options, offline: true });
  } catch (signal) {
    if (signal instanceof Blocked && signal.step === 'refresh') return flow.tokens(options);
    throw signal;
  }
}

/**
 * The token responses of one grant: of the exchange and, where that works, of a refresh. A refresh that
 * fails is the matter of refresh-works and left out here.
 */
export async function tokenResponses(
  flow: Flow,
  remark: (text: string) => void,
): Promise<readonly { readonly what: string; readonly exchange: Exchange }[]> {
  const tokens = await tokensWithRefreshIfAny(flow);
  const first = { what: 'the response to the exchange', exchange: tokens.exchange };
  if (tokens.refresh_token === null) {
    remark('The server issued no refresh token, so only the exchange was looked at.');
    return [first];
  }
  const refreshed = await flow.refresh(tokens, { note: 'a refresh' });
  if (!hasTokens(refreshed)) {
    remark(
      `The refresh gave no tokens (${describeTokenAnswer(refreshed)}), so only the exchange was looked at.`,
    );
    return [first];
  }
  return [first, { what: 'the response to the refresh', exchange: refreshed }];
}

function refreshSupported(flow: Flow): boolean {
  return flow.supportedValues('grant_types_supported')?.includes('refresh_token') ?? false;
}

async function nullIfNotTested<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (signal) {
    if (signal instanceof NotTested) return null;
    throw signal;
  }
}
