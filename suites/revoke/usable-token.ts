/** A token whose life can be looked at: a refresh token by its use, an access token at userinfo. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { type Refreshable, tokensWithRefreshIfAny } from '../steps/tokens.js';
import { isErrorWith200, isRefusedAtUserinfo, waitForUserinfoRefusal } from '../steps/userinfo.js';

export interface UsableToken {
  readonly what: 'refresh token' | 'access token';
  readonly value: string;
  /** The step of its own revocation. */
  readonly revocation: Step;
  /** Uses the token. @returns the one to use from now on, or the answer that refused it */
  use(note: string): Promise<{ readonly next: UsableToken } | { readonly refusal: Exchange }>;
  /** @returns whether it is refused, within 5 seconds for what may need a moment to spread */
  hasEnded(pause: (milliseconds: number) => Promise<void>): Promise<boolean>;
}

/** A refresh token where the server gives one, else an access token. */
export async function issueToken(flow: Flow, client: Client): Promise<UsableToken> {
  const { access_token, refresh_token } = await tokensWithRefreshIfAny(flow, { client });
  return refresh_token === null
    ? usableAccessToken(flow, access_token)
    : usableRefreshToken(flow, { refresh_token, client });
}

/** A fresh token may be refused for a moment; other answers don't change. */
const isSettled = (answer: Exchange): boolean => hasTokens(answer) || answer.status !== 400;

export function usableRefreshToken(flow: Flow, token: Refreshable): UsableToken {
  return {
    what: 'refresh token',
    value: token.refresh_token ?? '',
    revocation: 'refreshTokenRevocation',
    use: async (note) => {
      const exchange = await useFresh(() => flow.refresh(token, { note }), isSettled);
      if (!hasTokens(exchange)) return { refusal: exchange };
      const refresh_token = exchange.string('refresh_token') ?? token.refresh_token;
      return { next: usableRefreshToken(flow, { ...token, refresh_token }) };
    },
    hasEnded: async () => !hasTokens(await flow.refresh(token, { note: 'its use after the revocation' })),
  };
}

export function usableAccessToken(flow: Flow, value: string): UsableToken {
  const self: UsableToken = {
    what: 'access token',
    value,
    revocation: 'accessTokenRevocation',
    use: async (note) => {
      const exchange = await useFresh(() => flow.userinfo(value, note));
      return exchange.status === 200 && !isErrorWith200(exchange) ? { next: self } : { refusal: exchange };
    },
    hasEnded: async (pause) => {
      return isRefusedAtUserinfo(await waitForUserinfoRefusal(flow, value, pause));
    },
  };
  return self;
}

/** The control request: the token works now. Blocked by the requirement that judges its use. */
export async function demandWorks(token: UsableToken): Promise<UsableToken> {
  return useOrBlock(await useOrBlock(token));
}

async function useOrBlock(token: UsableToken): Promise<UsableToken> {
  const used = await token.use(`the ${token.what} works`);
  if ('next' in used) return used.next;
  const step = token.what === 'refresh token' ? 'refresh' : 'userinfo';
  throw new Blocked(step, `A fresh ${token.what} does not work (${describeExchange(used.refusal)}).`);
}
