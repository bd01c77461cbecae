/** The steps that the checks of this chapter share: a client of their own, its consent page, and the way to a code. */

import type { BrowserPage } from '../../fixtures/browser/types.js';
import type {
  AuthorizationOptions,
  AuthorizationOutcome,
  Client,
  Flow,
  PageSnapshot,
} from '../../fixtures/flow/types.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';

/** A user at the consent page of a client. */
export interface OpenConsent {
  readonly visit: BrowserPage;
  readonly page: PageSnapshot;
}

/** A client that the user has not allowed yet, or, with closed registration, one that must ask anew. */
export async function clientThatAsks(flow: Flow): Promise<{
  readonly fresh: boolean;
  readonly options: AuthorizationOptions & { readonly client: Client };
}> {
  try {
    return { fresh: true, options: { client: await flow.newClient() } };
  } catch (signal) {
    if (!(signal instanceof NotTested)) throw signal;
    return { fresh: false, options: { client: await flow.client(), params: { prompt: 'consent' } } };
  }
}

/** @returns an authorization code wherever the answer carries one, or null */
export function readCode(answer: AuthorizationOutcome): string | null {
  if (answer.kind === 'stayed') return null;
  return answer.query.get('code') ?? answer.fragment.get('code') ?? answer.form.get('code');
}

/** @returns whether the browser took a code anywhere outside the server */
export function hasSentCode({ externalRequests }: Pick<BrowserPage, 'externalRequests'>): boolean {
  return externalRequests.some(({ url, body }) => /[?&#]code=[^&#]/.test(url) || /(^|&)code=[^&]/.test(body));
}

/** @returns what came, in a few words */
export function describeConsentAnswer(answer: AuthorizationOutcome): string {
  if (answer.kind === 'stayed') {
    const { kind, status, url } = answer.page;
    return `${kind === 'unknown' ? 'a page that is not understood' : `the ${kind} page`} (status ${status}) at ${stripQuery(url)}`;
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

export function stripQuery(url: string): string {
  return URL.canParse(url) ? new URL(url).origin + new URL(url).pathname : url;
}

export function isDecisionPage({ kind }: PageSnapshot): boolean {
  return kind === 'consent' || kind === 'organization';
}

/**
 * Opens the request as the first user, in a visit that was begun or a new one.
 * @throws NotApplicable where the server grants without asking, which profile polar forbids; Blocked where the
 * request ends elsewhere
 */
export async function openConsent(
  { users, target }: Pick<CheckContext, 'users' | 'target'>,
  options: AuthorizationOptions,
  begun?: BrowserPage,
): Promise<OpenConsent> {
  const visit = begun ?? (await users.newPage('first'));
  const answer = await signInIfAsked(visit, await visit.openAuthorization(options));
  if (answer.kind === 'stayed' && isDecisionPage(answer.page)) return { visit, page: answer.page };
  if (readCode(answer) !== null) {
    const what = 'The server shows no consent page: it sent the code of a new client without asking.';
    throw target.profile === 'polar' ? new Blocked('consent', what) : new NotApplicable(what);
  }
  throw new Blocked(
    'code',
    `A signed-in user's request ended at ${describeConsentAnswer(answer)} instead of a consent page.`,
  );
}

/** Signs in where a login page is shown, and goes no further. */
export async function signInIfAsked(
  visit: BrowserPage,
  answer: AuthorizationOutcome,
): Promise<AuthorizationOutcome> {
  return answer.kind === 'stayed' && answer.page.kind === 'login' ? visit.signIn() : answer;
}

/** Signs in and allows, as often as pages ask for it, until the browser leaves the server or nothing moves. */
export async function allowUntilRedirect(
  visit: BrowserPage,
  answer: AuthorizationOutcome,
): Promise<AuthorizationOutcome> {
  let now = await signInIfAsked(visit, answer);
  for (let step = 0; step < 3 && now.kind === 'stayed' && isDecisionPage(now.page); step++)
    now = await visit.allow();
  return now;
}

/** The control request: allowing gives a code. */
export async function demandAllowGivesCode(visit: BrowserPage): Promise<void> {
  const answer = await allowUntilRedirect(visit, await visit.allow());
  if (readCode(answer) !== null) return;
  throw new Blocked(
    'code',
    `Allowing on the consent page ended at ${describeConsentAnswer(answer)} instead of a code.`,
  );
}

/** Six random characters, to find a client's texts on a page again. */
export function randomMarker(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
