/** The one way in which the redirect URI rules are judged: a control is answered, what differs never is. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';

/** For the `how` of each of these rules. */
export const WHAT_IS_AN_ANSWER =
  'An answer is any request of the browser for the host of that URI, by 3xx, script, form or meta refresh. Each is sent ' +
  'with prompt=none without a session, so that no login page stands between; where the control is not answered so, or a ' +
  'login page comes all the same, it is sent signed in and carried through consent.';

/**
 * How requests are sent so that no login page stands between: with prompt=none by nobody, or by a user
 * with a session.
 */
type RequestMode = 'silent' | 'signed-in';

/** A request that must not be answered where it asks. */
export interface Attempt {
  /** For the sentence: 'a request with an unregistered redirect_uri'. */
  readonly what: string;
  readonly options: AuthorizationOptions;
}

type JudgeAnswer = (answer: AuthorizationOutcome, what: string) => void;

/**
 * Finds the way in which this server answers a valid request: prompt=none without a session, else a
 * signed-in user who allows. Blocked when the control is answered in neither.
 */
export async function findAnsweringMode(flow: Flow, client: Client): Promise<RequestMode> {
  const silent = await flow.authorize(
    applyMode('silent', { client, note: 'the control: prompt=none at a registered redirect_uri' }),
  );
  if (silent.kind === 'redirected') return 'silent';
  const allowed = await flow.authorize(
    applyMode('signed-in', { client, note: 'the control: signed in and carried through' }),
  );
  if (allowed.kind === 'redirected') return 'signed-in';
  throw new Blocked('code', `The registered redirect_uri was not answered: ${describeOutcome(allowed)}.`);
}

/** The options of a request in this mode; the parameters of `options` win. */
export function applyMode(mode: RequestMode, options: AuthorizationOptions): AuthorizationOptions {
  if (mode === 'signed-in') return { ...options, as: 'first' };
  return { ...options, as: 'nobody', params: { prompt: 'none', ...options.params } };
}

/**
 * Sends every attempt and demands that none is answered where it must not be.
 * @param judge default: nothing at a redirect URI that is not registered, and no code anywhere
 */
export async function expectNeverAnswered(
  { flow, expect, remark }: Pick<CheckContext, 'flow' | 'expect' | 'remark'>,
  client: Client,
  attempts: readonly Attempt[],
  judge: JudgeAnswer = expect.notRedirected,
): Promise<void> {
  const send = async (mode: RequestMode, { what, options }: Attempt): Promise<AuthorizationOutcome> => {
    const answer = await flow.authorize(applyMode(mode, { client, note: what, ...options }));
    judge(answer, what);
    if (answer.kind === 'redirected') return answer;
    const { status } = answer.page;
    if (status === 429) throw new NotTested('The server limits requests, so its refusal shows nothing.');
    if (status >= 500) remark(`${what} caused a server error (status ${status}).`);
    return answer;
  };
  const mode = await findAnsweringMode(flow, client);
  const behindLogin: Attempt[] = [];
  for (const attempt of attempts) {
    const answer = await send(mode, attempt);
    // A login page is no answer yet: what follows it may be one.
    if (mode === 'silent' && answer.kind === 'stayed' && answer.page.kind === 'login')
      behindLogin.push(attempt);
  }
  for (const attempt of behindLogin) await send('signed-in', attempt);
}
