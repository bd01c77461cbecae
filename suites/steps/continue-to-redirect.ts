/** Goes from a page of the server to the redirect URI, as a user does. */
import { refusedForm } from '../../fixtures/browser/browser-messages.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { AuthorizationOutcome, PageKind, PageOutcome, PageSnapshot } from '../../fixtures/flow/types.js';

/** More pages than usual between the request and its answer. */
const MAX_PAGES = 6;

/** What was done on a page, and where it led. */
export interface PageStep {
  readonly did: 'signing in' | 'allowing';
  readonly answer: AuthorizationOutcome;
}

/** Signs in and allows, page by page, until the browser leaves the server or a page asks for neither. */
export async function* goPageByPage(
  visit: Pick<BrowserPage, 'signIn' | 'allow'>,
  from: AuthorizationOutcome,
): AsyncGenerator<PageStep> {
  let answer = from;
  for (let pages = 0; answer.kind === 'stayed' && pages < MAX_PAGES; pages += 1) {
    const { kind } = answer.page;
    if (kind !== 'login' && !isDecision(answer)) return;
    const did = kind === 'login' ? 'signing in' : 'allowing';
    answer = await (did === 'signing in' ? visit.signIn() : visit.allow());
    yield { did, answer };
    // Pressing once more would send the form again, and the browser would refuse it again.
    if (answer.kind === 'stayed' && refusedForm(answer.page.browserMessages)) return;
  }
}

/**
 * Signs in and allows as often as pages ask for it.
 * @param options `signIn: false` stops at a login page
 * @returns where it ended
 */
export async function continueToRedirect(
  visit: Pick<BrowserPage, 'signIn' | 'allow'>,
  from: AuthorizationOutcome,
  { signIn = true }: { readonly signIn?: boolean } = {},
): Promise<AuthorizationOutcome> {
  let last = from;
  if (!signIn && isLogin(last)) return last;
  for await (const { answer } of goPageByPage(visit, from)) {
    last = answer;
    if (!signIn && isLogin(last)) break;
  }
  return last;
}

/** Signs in if a login page is shown, and goes no further. */
export async function signInIfAsked(
  visit: Pick<BrowserPage, 'signIn' | 'allow'>,
  answer: AuthorizationOutcome,
): Promise<AuthorizationOutcome> {
  return isLogin(answer) ? visit.signIn() : answer;
}

/** @returns whether a page that asks for credentials is shown */
export function isLogin(answer: AuthorizationOutcome): answer is Shown<'login'> {
  return answer.kind === 'stayed' && answer.page.kind === 'login';
}

/** @returns whether a page is shown on which the user allows, denies or chooses an organization */
export function isDecision(answer: AuthorizationOutcome): answer is Shown<'consent' | 'organization'> {
  return answer.kind === 'stayed' && isDecisionPage(answer.page);
}

export function isDecisionPage({ kind }: PageSnapshot): boolean {
  return kind === 'consent' || kind === 'organization';
}

/** An answer that is a page of this kind. */
type Shown<Kind extends PageKind> = PageOutcome & { readonly page: PageSnapshot & { readonly kind: Kind } };
