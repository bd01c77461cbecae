/** Consent: a client that asks for it, its consent page, and what comes of allowing. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode } from '../../fixtures/flow/read-outcome.js';
import type {
  AuthorizationOptions,
  AuthorizationOutcome,
  Client,
  PageSnapshot,
} from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { ownClientIfOpen } from './clients.js';
import { requireCode } from './codes.js';
import { continueToRedirect, isDecision, signInIfAsked } from './continue-to-redirect.js';

/** A user at the consent page of a client. */
interface OpenConsent {
  readonly visit: BrowserPage;
  readonly page: PageSnapshot;
  /** The request that led to the page: with all of the client's scopes, if the least one was granted without asking. */
  readonly options: AuthorizationOptions;
}

/** A client that the user has not allowed yet or, if registration is closed, one that asks again by prompt=consent. */
export async function clientThatAsks(flow: Flow): Promise<{
  readonly fresh: boolean;
  readonly options: AuthorizationOptions & { readonly client: Client };
}> {
  const client = await ownClientIfOpen(flow);
  return client === null
    ? { fresh: false, options: { client: await flow.client(), params: { prompt: 'consent' } } }
    : { fresh: true, options: { client } };
}

/** @returns whether the browser sent a code to another site */
export function hasSentCode({ externalRequests }: Pick<BrowserPage, 'externalRequests'>): boolean {
  return externalRequests.some(({ url, body }) => /[?&#]code=[^&#]/.test(url) || /(^|&)code=[^&]/.test(body));
}

/** There is no code in the answer, and the browser sent none to another site. */
export function expectNoCodeSent(
  expect: CheckContext['expect'],
  visit: BrowserPage,
  answer: AuthorizationOutcome,
  message: string,
  expected?: string,
): void {
  expect.noCode(answer, message, expected);
  expect.that(!hasSentCode(visit), message, {
    expected: expected ?? 'no code',
    received: 'a code that the browser sent to another site',
  });
}

/**
 * Opens the request as the first user.
 * @param begun a page to open it in; default: a new one
 * @throws NotApplicable if the server grants without asking (Blocked in profile polar, which forbids that); Blocked if
 * the request ends elsewhere
 */
export async function openConsent(
  { users, target }: Pick<CheckContext, 'users' | 'target'>,
  options: AuthorizationOptions,
  begun?: BrowserPage,
): Promise<OpenConsent> {
  const visit = begun ?? (await users.newPage('first'));
  const answer = await signInIfAsked(visit, await visit.openAuthorization(options));
  if (isDecision(answer)) return { visit, page: answer.page, options };
  if (findCode(answer) !== null) {
    // Some servers ask only about what is more than the sign-in itself. A new page, because the first has sent a code.
    const scope = declaredScope(options);
    if (target.profile !== 'polar' && scope !== null)
      return openConsent({ users, target }, { ...options, scope }, begun);
    const what = 'The server shows no consent page: it sent the code of a new client without asking.';
    throw target.profile === 'polar' ? new Blocked('consent', what) : new NotApplicable(what);
  }
  throw new Blocked(
    'code',
    `A signed-in user's request ended at ${describeOutcome(answer)} instead of a consent page.`,
  );
}

/** @returns all scopes that the client declared; null where they were asked for already, or are openid alone */
function declaredScope({ client, scope }: AuthorizationOptions): string | null {
  if (scope !== undefined || client === undefined) return null;
  const declared = client.scope.split(' ').filter((one) => one !== '' && one !== 'offline_access');
  return declared.length < 2 ? null : declared.join(' ');
}

/** The control: allowing gives a code. */
export async function demandAllowGivesCode(visit: BrowserPage): Promise<void> {
  requireCode(await continueToRedirect(visit, await visit.allow()), 'Allowing on the consent page');
}

/** Six random characters that make a client's texts easy to find on a page. */
export function randomMarker(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, '0');
}
