/** The one way in which the redirect URI rules are judged: a control is answered, what differs never is. */
import type { AuthorizationOptions, Client, Flow } from '../../fixtures/flow/types.js';
import type { Expect } from '../../fixtures/judgement/expect.js';
import { Blocked } from '../../fixtures/verdict.js';
import { inWords } from './answers.js';

/** How requests are sent so that no login page stands between: see `answeringMode`. */
export type Mode = Pick<AuthorizationOptions, 'as'> & { readonly silent: boolean };

/** A request that must not be answered where it asks. */
export interface Attempt {
  /** For the sentence: 'a request with an unregistered redirect_uri'. */
  readonly what: string;
  readonly options: AuthorizationOptions;
}

interface Judging {
  readonly flow: Flow;
  readonly expect: Expect;
  remark(text: string): void;
}

/**
 * Finds the way in which this server answers a valid request without a page: prompt=none without a session,
 * else a signed-in person who allows. Blocked when the control is answered in neither.
 */
export async function answeringMode(flow: Flow, client: Client): Promise<Mode> {
  const silent = await flow.authorize({
    client,
    as: 'nobody',
    params: { prompt: 'none' },
    note: 'the control: prompt=none at a registered redirect_uri',
  });
  if (silent.kind === 'redirected') return { as: 'nobody', silent: true };
  const allowed = await flow.authorize({ client, note: 'the control: signed in and carried through' });
  if (allowed.kind === 'redirected') return { as: 'first', silent: false };
  throw new Blocked(
    'authz-code-response',
    `The registered redirect_uri was not answered: ${inWords(allowed)}.`,
  );
}

/** The options of a request in this mode; the parameters of `options` win. */
export function inMode(mode: Mode, options: AuthorizationOptions): AuthorizationOptions {
  return {
    ...options,
    ...(mode.as === undefined ? {} : { as: mode.as }),
    params: { ...(mode.silent ? { prompt: 'none' } : {}), ...options.params },
  };
}

/** Sends every attempt and demands that none is answered at a redirect URI that is not registered. */
export async function neverAnswered(
  judging: Judging,
  client: Client,
  attempts: readonly Attempt[],
): Promise<void> {
  const { flow, expect, remark } = judging;
  const mode = await answeringMode(flow, client);
  for (const { what, options } of attempts) {
    const answer = await flow.authorize(inMode(mode, { client, ...options, note: what }));
    expect.notAnswered(answer, what);
    if (answer.kind === 'stayed' && answer.page.status >= 500) {
      remark(`${what} caused a server error (status ${answer.page.status}).`);
    }
  }
}
