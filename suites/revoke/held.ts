/** A token whose life can be looked at: a refresh token by its use, an access token at userinfo. */

import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Client, Flow } from '../../fixtures/flow/types.js';
import { hasTokens, whatCame } from '../../fixtures/judgement/describe.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';
import type { Refreshable } from '../refresh/grants.js';
import { tokensWithRefreshIfAny } from '../token/twins.js';
import { endedAtUserinfo } from './steps.js';

export interface Held {
  readonly what: 'refresh token' | 'access token';
  readonly value: string;
  /** The step of its own revocation. */
  readonly revocation: Step;
  /** Uses the token. @returns the one to use from now on, or the answer that refused it */
  use(note: string): Promise<{ readonly next: Held } | { readonly refusal: Exchange }>;
  /** @returns whether it is refused, within 5 seconds for what may need a moment to spread */
  hasEnded(pause: (milliseconds: number) => Promise<void>): Promise<boolean>;
}

/** A refresh token where the server gives one, else an access token. */
export async function held(flow: Flow, client: Client): Promise<Held> {
  const { access_token, refresh_token } = await tokensWithRefreshIfAny(flow, { client });
  return refresh_token === null
    ? heldAccess(flow, access_token)
    : heldRefresh(flow, { refresh_token, client });
}

export function heldRefresh(flow: Flow, token: Refreshable): Held {
  return {
    what: 'refresh token',
    value: token.refresh_token ?? '',
    revocation: 'refreshTokenRevocation',
    use: async (note) => {
      const exchange = await flow.refresh(token, { note });
      if (!hasTokens(exchange)) return { refusal: exchange };
      const refresh_token = exchange.string('refresh_token') ?? token.refresh_token;
      return { next: heldRefresh(flow, { ...token, refresh_token }) };
    },
    hasEnded: async () => !hasTokens(await flow.refresh(token, { note: 'its use after the revocation' })),
  };
}

export function heldAccess(flow: Flow, value: string): Held {
  const self: Held = {
    what: 'access token',
    value,
    revocation: 'accessTokenRevocation',
    use: async (note) => {
      const exchange = await flow.userinfo(value, note);
      return exchange.status === 200 ? { next: self } : { refusal: exchange };
    },
    hasEnded: async (pause) => {
      return (await endedAtUserinfo(flow, value, pause)).status !== 200;
    },
  };
  return self;
}

/** The valid twin: the token works now. Blocked by whoever judges its use. */
export async function demandWorks(token: Held): Promise<Held> {
  const used = await token.use(`the ${token.what} works`);
  if ('next' in used) return used.next;
  const step = token.what === 'refresh token' ? 'refresh' : 'userinfo';
  throw new Blocked(step, `a fresh ${token.what} does not work (${whatCame(used.refusal)})`);
}
