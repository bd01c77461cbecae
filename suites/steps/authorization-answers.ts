/** What the checks of this chapter share: reading an answer, and saying in a few words what it was. */
import { readOutcomeError } from '../../fixtures/flow/outcome-error.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';

const CREDENTIALS = ['code', 'access_token', 'id_token'] as const;

/** @returns the code that came in the query, or null */
export function readQueryCode(answer: AuthorizationOutcome): string | null {
  return answer.kind === 'redirected' ? answer.query.get('code') : null;
}

/** @returns the name of a credential anywhere in the answer, or null */
export function findCredential(answer: AuthorizationOutcome): string | null {
  if (answer.kind === 'stayed') return null;
  const parts = [answer.query, answer.fragment, answer.form];
  return CREDENTIALS.find((name) => parts.some((part) => part.has(name))) ?? null;
}

/** @returns what came, without any value that could be a secret */
export function describeAnswer(answer: AuthorizationOutcome): string {
  if (answer.kind === 'stayed') return `a page (${answer.page.kind}, status ${answer.page.status})`;
  const place = answer.location.split(/[?#]/)[0] ?? '';
  const credential = findCredential(answer);
  if (credential !== null) return `${place} with ${credential}`;
  const error = readOutcomeError(answer);
  if (error === null) return `${place} with neither code nor error`;
  return `${place} with error ${error}${answer.query.has('error') ? '' : ' outside the query'}`;
}
