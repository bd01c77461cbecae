/** Tokens, with a refresh token if there is one, and refreshed tokens. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type {
  AuthorizationOptions,
  Client,
  TokenRequestOptions,
  TokenSet,
} from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NoRefreshToken } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { useFresh } from './fresh-tokens.js';
import { isMissing, isUnavailable, isWithoutRefreshToken, nullOn } from './signals.js';

/** @returns tokens with a refresh token, or null if the server issues none (it may, RFC 6749 section 1.5) */
export function tokensWithRefreshOrNull(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<TokenSet | null> {
  return nullOn(isWithoutRefreshToken, () => flow.tokens({ ...options, offline: true }));
}

/** @returns tokens of a fresh grant, with a refresh token if the server gives one */
export async function tokensWithRefreshIfAny(
  flow: Flow,
  options: AuthorizationOptions = {},
): Promise<TokenSet> {
  const refreshes = flow.supportedValues('grant_types_supported')?.includes('refresh_token') ?? false;
  const tokens = refreshes ? await tokensWithRefreshOrNull(flow, options) : null;
  return tokens ?? flow.tokens(options);
}

/** @returns tokens with a refresh token. NotTested if the server issues none (RFC 6749 section 1.5 allows that) */
export async function tokensWithRefresh(flow: Flow, options: AuthorizationOptions = {}): Promise<TokenSet> {
  const tokens = await tokensWithRefreshOrNull(flow, options);
  if (tokens !== null) return tokens;
  throw new NoRefreshToken();
}

/** @returns the answer to a refresh token that may be a moment old: the first within three seconds that knows it */
export function refreshWhenKnown(
  flow: Flow,
  tokens: Refreshable,
  options: TokenRequestOptions,
): Promise<Exchange> {
  return useFresh(
    () => flow.refresh(tokens, options),
    (answer) => answer.string('error') !== 'invalid_grant',
  );
}

/** A refresh token with the client that it was issued to. */
export interface Refreshable {
  readonly refresh_token: string | null;
  readonly client: Client;
}

/** What a successful refresh gave: the refresh token to use from now on, and the response. */
interface RefreshedTokens extends Refreshable {
  readonly exchange: Exchange;
}

/**
 * Refreshes the tokens. Blocked by refresh-works if that fails.
 * @param what names the refresh in the evidence and in a sentence: 'a refresh without scope'
 */
export async function refreshedTokens(
  flow: Flow,
  { refresh_token, client }: Refreshable,
  what: string,
  options: TokenRequestOptions = {},
): Promise<RefreshedTokens> {
  const exchange = await useFresh(
    () => flow.refresh({ refresh_token, client }, { note: what, ...options }),
    (answer) => hasTokens(answer) || answer.status !== 400,
  );
  if (!hasTokens(exchange)) {
    throw new Blocked('refresh', `${capitalize(what)} gave no tokens: ${describeExchange(exchange)}.`);
  }
  return { refresh_token: exchange.string('refresh_token') ?? refresh_token, client, exchange };
}

/**
 * Refreshes tokens twice, the second time with what the first gave: only a refresh token that works, and whose successor
 * works, says something by its refusal. Blocked by refresh-works.
 */
export async function refreshedTwice(
  flow: Flow,
  tokens: Refreshable,
  what: string,
): Promise<RefreshedTokens> {
  return refreshedTokens(flow, await refreshedTokens(flow, tokens, what), `${what}, and once more`);
}

/**
 * @returns the token responses of one grant, those of the exchange and of a refresh, and those of a public client and of
 * an organization, where there is one. What fails is left out, since token-exchange, refresh-works and org-token judge it
 */
export async function tokenResponses({
  flow,
  target,
  remark,
}: Pick<CheckContext, 'flow' | 'target' | 'remark'>): Promise<
  readonly { readonly what: string; readonly exchange: Exchange }[]
> {
  const [organization] = target.settings.users?.first?.organizations ?? [];
  const tokens = await tokensWithRefreshIfAny(flow);
  const ofPublic = await nullOn(isUnavailable, async () =>
    flow.tokens({ client: await flow.client('public') }),
  );
  const owned =
    organization === undefined
      ? null
      : await nullOn(isMissing, () => flow.organizationTokens(organization.name));
  const first = [
    { what: 'the response to the exchange', exchange: tokens.exchange },
    ...(ofPublic === null
      ? []
      : [{ what: 'the response to the exchange of a public client', exchange: ofPublic.exchange }]),
    ...(owned === null
      ? []
      : [{ what: 'the response to the exchange for an organization', exchange: owned.exchange }]),
  ];
  if (tokens.refresh_token === null) {
    remark('The server issued no refresh token, so only exchanges were looked at.');
    return first;
  }
  const refreshed = await refreshWhenKnown(flow, tokens, { note: 'a refresh' });
  if (!hasTokens(refreshed)) {
    remark(`The refresh gave no tokens (${describeExchange(refreshed)}), so only exchanges were looked at.`);
    return first;
  }
  return [...first, { what: 'the response to the refresh', exchange: refreshed }];
}
