/** The steps that the checks of this chapter share: a client of their own, its consent page, and the way to a code. */

import { codeIn } from '../../fixtures/flow/answer.js';
import type { Answer, AuthorizationOptions, Client, Flow, PageSeen } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';

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
  try {
    return { fresh: true, options: { client: await flow.ownClient() } };
  } catch (signal) {
    if (!(signal instanceof NotTested)) throw signal;
    return { fresh: false, options: { client: await flow.client(), params: { prompt: 'consent' } } };
  }
}

/** @returns whether the browser took a code anywhere outside the server */
export function codeLeft({ left }: Pick<Visit, 'left'>): boolean {
  return left.some(({ url, body }) => /[?&#]code=[^&#]/.test(url) || /(^|&)code=[^&]/.test(body));
}

export function isAsking({ kind }: PageSeen): boolean {
  return kind === 'consent' || kind === 'organization';
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
  if (answer.kind === 'stayed' && isAsking(answer.page)) return { visit, page: answer.page };
  if (codeIn(answer) !== null) {
    const what = 'The server shows no consent page: it sent the code of a new client without asking.';
    throw target.profile === 'polar' ? new Blocked('consent', what) : new NotApplicable(what);
  }
  throw new Blocked(
    'code',
    `A signed-in person's request ended at ${whereItEnded(answer)} instead of a consent page.`,
  );
}

/** Signs in where a login page is shown, and goes no further. */
export async function signedIn(visit: Visit, answer: Answer): Promise<Answer> {
  return answer.kind === 'stayed' && answer.page.kind === 'login' ? visit.signIn() : answer;
}

/** Signs in and allows, as often as pages ask for it, until the browser leaves the server or nothing moves. */
export async function toTheEnd(visit: Visit, answer: Answer): Promise<Answer> {
  let now = await signedIn(visit, answer);
  for (let step = 0; step < 3 && now.kind === 'stayed' && isAsking(now.page); step++)
    now = await visit.allow();
  return now;
}

/** The valid twin: allowing gives a code. */
export async function allowGivesCode(visit: Visit): Promise<void> {
  const answer = await toTheEnd(visit, await visit.allow());
  if (codeIn(answer) !== null) return;
  throw new Blocked(
    'code',
    `Allowing on the consent page ended at ${whereItEnded(answer)} instead of a code.`,
  );
}

/** Six random characters, to find a client's texts on a page again. */
export function mark(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
