/** Authorization codes that a check needs before it can look at what it is about. */
import { codeOf } from '../../fixtures/flow/answer.js';
import type { Answer, AuthorizationOptions, Code, Flow } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';

/**
 * @param what the way that led to the answer, as the subject of a sentence: 'Signing in and allowing'
 * @returns the code of this answer. Blocked by the owner of `step` where it has none
 */
export function requireCode(answer: Answer, what: string, step: Step = 'code'): Code {
  const code = codeOf(answer);
  if (code !== null) return code;
  throw new Blocked(step, `${what} ended at ${whereItEnded(answer)} instead of a code.`);
}

/** @returns an authorization code, or null where the server refuses the request */
export async function codeIfGranted(flow: Flow, options: AuthorizationOptions): Promise<Code | null> {
  return codeOf(await flow.authorize(options));
}
