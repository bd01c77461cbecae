/** The steps that the checks of this chapter share: a client of their own, its consent page, and the way to a code. */

import { codeIn } from '../../fixtures/flow/answer.js';
import type { Answer, AuthorizationOptions, Client, Flow, PageSeen } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { isDecision, onwards, signedIn } from '../authz/onwards.js';
import type { CheckContext } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { ownIfOpen } from '../token/twins.js';

/** A person at the consent page of a client. */
export interface AtConsent {
  readonly visit: Visit;
  readonly page: PageSeen;
}

/** A client that the person has not allowed yet, or, with closed registration, one that must ask anew. */
export async function askingClient(flow: Flow): Promise<{
  readonly fresh: boolean;
  readonly options: AuthorizationOptions & { readonly client: Client };
}> {
  const client = await ownIfOpen(flow);
  return client === null
    ? { fresh: false, options: { client: await flow.client(), params: { prompt: 'consent' } } }
    : { fresh: true, options: { client } };
}

/** @returns whether the browser took a code anywhere outside the server */
export function codeLeft({ left }: Pick<Visit, 'left'>): boolean {
  return left.some(({ url, body }) => /[?&#]code=[^&#]/.test(url) || /(^|&)code=[^&]/.test(body));
}

/** No code in the answer, and none that the browser took anywhere outside the server. */
export function noCodeSent(
  expect: CheckContext['expect'],
  visit: Visit,
  answer: Answer,
  message: string,
  expected?: string,
): void {
  expect.noCode(answer, message, expected);
  expect.that(!codeLeft(visit), message, {
    expected: expected ?? 'no code',
    received: 'a code that the browser sent to another site',
  });
}

/**
 * Opens the request as the first person, in a visit that was begun or a new one.
 * @throws NotApplicable where the server grants without asking, which profile polar forbids; Blocked where the
 * request ends elsewhere
 */
export async function openConsent(
  { people, target }: Pick<CheckContext, 'people' | 'target'>,
  options: AuthorizationOptions,
  begun?: Visit,
): Promise<AtConsent> {
  const visit = begun ?? (await people.visit('first'));
  const answer = await signedIn(visit, await visit.open(options));
  if (isDecision(answer)) return { visit, page: answer.page };
  if (codeIn(answer) !== null) {
    const what = 'The server shows no consent page: it sent the code of a new client without asking.';
    throw target.profile === 'polar' ? new Blocked('consent', what) : new NotApplicable(what);
  }
  throw new Blocked(
    'code',
    `A signed-in person's request ended at ${whereItEnded(answer)} instead of a consent page.`,
  );
}

/** The valid twin: allowing gives a code. */
export async function allowGivesCode(visit: Visit): Promise<void> {
  requireCode(await onwards(visit, await visit.allow()), 'Allowing on the consent page');
}

/** Six random characters, to find a client's texts on a page again. */
export function mark(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
