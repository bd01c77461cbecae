/** What the checks of this chapter share: reading an answer, and saying in a few words what it was. */
import { errorOf } from '../../fixtures/flow/answer.js';
import type { Answer } from '../../fixtures/flow/types.js';

const CREDENTIALS = ['code', 'access_token', 'id_token'] as const;

/** @returns the code that came in the query, or null */
export function codeOf(answer: Answer): string | null {
  return answer.kind === 'redirected' ? answer.query.get('code') : null;
}

/** @returns the name of a credential anywhere in the answer, or null */
export function credentialOf(answer: Answer): string | null {
  if (answer.kind === 'stayed') return null;
  const parts = [answer.query, answer.fragment, answer.form];
  return CREDENTIALS.find((name) => parts.some((part) => part.has(name))) ?? null;
}

/** @returns what came, without any value that could be a secret */
export function inWords(answer: Answer): string {
  if (answer.kind === 'stayed') return `a page (${answer.page.kind}, status ${answer.page.status})`;
  const place = answer.location.split(/[?#]/)[0] ?? '';
  const credential = credentialOf(answer);
  if (credential !== null) return `${place} with ${credential}`;
  const error = errorOf(answer);
  if (error === null) return `${place} with neither code nor error`;
  return `${place} with error ${error}${answer.query.has('error') ? '' : ' outside the query'}`;
}
