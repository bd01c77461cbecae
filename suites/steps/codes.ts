/** Authorization codes, for checks that are about what comes after them. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type {
  AuthorizationCode,
  AuthorizationOptions,
  AuthorizationOutcome,
} from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked } from '../../fixtures/verdict.js';

/**
 * @param what led to the answer, as the subject of a sentence: 'Signing in and allowing'
 * @returns the code of this answer. Blocked by the owner of `step` if there is none
 */
export function requireCode(
  answer: AuthorizationOutcome,
  what: string,
  step: Step = 'code',
): AuthorizationCode {
  const code = readCode(answer);
  if (code !== null) return code;
  throw new Blocked(step, `${what} ended at ${describeOutcome(answer)} instead of a code.`);
}

/** @returns the parameters of a valid exchange of this code, without those of the client */
export function grantFields({ value, request }: AuthorizationCode): Readonly<Record<string, string>> {
  const { redirect_uri, pkce } = request;
  return {
    grant_type: 'authorization_code',
    code: value,
    ...(redirect_uri === null ? {} : { redirect_uri }),
    ...(pkce === null ? {} : { code_verifier: pkce.code_verifier }),
  };
}

/** @returns an authorization code, or null if the server refuses the request */
export async function codeIfGranted(
  flow: Flow,
  options: AuthorizationOptions,
): Promise<AuthorizationCode | null> {
  return readCode(await flow.authorize(options));
}
