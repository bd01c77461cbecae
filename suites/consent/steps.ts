/** The steps that the checks of this chapter share: a client of their own, its consent page, and the way to a code. */
import type { Answer, AuthorizationOptions, Client, Flow, PageSeen } from '../../fixtures/flow/types.js';
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

/** @returns an authorization code wherever the answer carries one, or null */
export function codeIn(answer: Answer): string | null {
  if (answer.kind === 'stayed') return null;
  return answer.query.get('code') ?? answer.fragment.get('code') ?? answer.form.get('code');
}

/** @returns whether the browser took a code anywhere outside the server */
export function codeLeft({ left }: Pick<Visit, 'left'>): boolean {
  return left.some(({ url, body }) => /[?&#]code=[^&#]/.test(url) || /(^|&)code=[^&]/.test(body));
}

/** @returns what came, in a few words */
export function inWords(answer: Answer): string {
  if (answer.kind === 'stayed') {
    const { kind, status, url } = answer.page;
    return `${kind === 'unknown' ? 'a page that is not understood' : `the ${kind} page`} (status ${status}) at ${place(url)}`;
  }
  const parts = [
    ['', answer.query],
    [' in the fragment', answer.fragment],
    [' by POST', answer.form],
  ] as const;
  for (const [where, part] of parts) {
    if (part.has('code')) return `the redirect URI with a code${where}`;
    const error = part.get('error');
    if (error !== null) return `the redirect URI with error=${error}${where}`;
  }
  return 'the redirect URI without code and error';
}

export function place(url: string): string {
  return URL.canParse(url) ? new URL(url).origin + new URL(url).pathname : url;
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
    `A signed-in person's request ended at ${inWords(answer)} instead of a consent page.`,
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
  throw new Blocked('code', `Allowing on the consent page ended at ${inWords(answer)} instead of a code.`);
}

/** Six random characters, to find a client's texts on a page again. */
export function mark(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
