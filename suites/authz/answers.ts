/** What the checks of this chapter share: reading an answer, and saying in a few words what it was. */
import type { Answer, Redirected } from '../../fixtures/flow/types.js';

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

/** @returns the error code wherever it came, or null */
export function errorOf(answer: Redirected): string | null {
  return answer.query.get('error') ?? answer.fragment.get('error') ?? answer.form.get('error');
}

/** @returns what came, without any value that could be a secret */
export function inWords(answer: Answer): string {
  if (answer.kind === 'stayed') return `a ${answer.page.kind} page with status ${answer.page.status}`;
  const place = answer.location.split(/[?#]/)[0] ?? '';
  const credential = credentialOf(answer);
  if (credential !== null) return `${place} with ${credential}`;
  return `${place} with ${errorOf(answer) === null ? 'neither code nor error' : `error=${errorOf(answer)}`}`;
}
