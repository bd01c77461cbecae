/** The one way in which the redirect URI rules are judged: a control is answered, what differs never is. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { isNotTested, nullOn } from '../steps/signals.js';

/** For the `how` of each of these rules. */
export const WHAT_IS_AN_ANSWER =
  'Any request from the browser to that host is an answer: by 3xx, script, form or meta refresh. Sends each request with ' +
  'prompt=none without a session, and as a signed-in user who allows, if the server answers a valid request that way.';

/** How requests are sent so that no login page stands between: with prompt=none by nobody, or by a user with a session. */
type RequestMode = 'silent' | 'signed-in';

/** A request that must not be answered where it asks. */
export interface Attempt {
  /** For the sentence: 'a request with an unregistered redirect_uri'. */
  readonly what: string;
  readonly options: AuthorizationOptions;
}

type JudgeAnswer = (answer: AuthorizationOutcome, what: string) => void;

/**
 * The ways in which this server answers a valid request at its redirect URI: prompt=none without a session, and a
 * signed-in user who allows. Errors and codes may take different branches, so each is tried where both are answered.
 * @throws Blocked if the control is answered in neither
 */
export async function findAnsweringModes(
  flow: Flow,
  client: Client,
): Promise<readonly [RequestMode, ...RequestMode[]]> {
  const silent = await flow.authorize(
    applyMode('silent', { client, note: 'the control: prompt=none at a registered redirect_uri' }),
  );
  const control = applyMode('signed-in', { client, note: 'the control: signed in and carried through' });
  const isSilent = silent.kind === 'redirected';
  const allowed = isSilent
    ? await nullOn(isNotTested, () => flow.authorize(control))
    : await flow.authorize(control);
  const isAllowed = allowed?.kind === 'redirected';
  if (isSilent) return isAllowed ? ['silent', 'signed-in'] : ['silent'];
  if (isAllowed) return ['signed-in'];
  throw new Blocked(
    'code',
    `The registered redirect_uri was not answered: ${describeOutcome(allowed ?? silent)}.`,
  );
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
  for (const mode of await findAnsweringModes(flow, client)) {
    for (const { what, options } of attempts) {
      const answer = await flow.authorize(applyMode(mode, { client, note: what, ...options }));
      judge(answer, what);
      if (answer.kind === 'redirected') continue;
      const { status } = answer.page;
      if (status === 429) throw new NotTested('The server limits requests, so its refusal shows nothing.');
      if (status >= 500) remark(`${capitalize(what)} caused a server error (status ${status}).`);
    }
  }
}
