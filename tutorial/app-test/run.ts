/** Tests the learner's app: signs in once properly, then once with each response that is wrong on purpose. */
import { Browser } from '../learner/browser.js';
import { isTokenRequest, type ObservedExchange, OWN_HEADER } from '../watcher/exchange.js';
import { FAULTS, type Fault, type FaultId } from './faults.js';
import type { IdTokenFault } from './id-token-fault.js';

export interface AppTestLine {
  readonly id: FaultId;
  /** The app rejected it. */
  readonly ok: boolean;
  /** One sentence; and what to do, if it was accepted. */
  readonly text: string;
}

export interface AppTestResult {
  /** 0: the app rejected everything; 1: it accepted something; 2: it could not be tested. */
  readonly exitCode: 0 | 1 | 2;
  readonly message: string;
  readonly lines: readonly AppTestLine[];
}

export interface AppTest {
  /** The address at the app that starts a sign-in. */
  readonly start: string;
  readonly issuer: string;
  readonly idTokens: IdTokenFault;
  /** @returns a function that returns the app's exchanges since now */
  readonly observe: () => () => Promise<readonly ObservedExchange[]>;
}

const LIMIT_MS = 10_000;

/** What an app did with one response. */
interface SignIn {
  /** The last page's status; null if nothing listened. */
  readonly status: number | null;
  /** The app redeemed the code. */
  readonly redeemed: boolean;
  /** The app called the API or refreshed after it had the tokens. */
  readonly continued: boolean;
}

/** @returns what the app did with each response; it never throws for what an app does */
export async function testApp(test: AppTest): Promise<AppTestResult> {
  const control = await signIn(test, null).catch((problem: unknown) => String(problem));
  if (typeof control === 'string') return untestable(`${test.start} can’t be opened. Is your app running?`);
  if (!control.redeemed || control.status === null || control.status >= 400) {
    return untestable(
      `Opening ${test.start} didn’t end in a complete sign-in, so nothing was tested. Give the address that starts a sign-in: tutorial test-app URL.`,
    );
  }
  const lines: AppTestLine[] = [];
  for (const fault of FAULTS) lines.push(judgeFault(fault, await signIn(test, fault), control));
  const accepted = lines.filter(({ ok }) => !ok).length;
  return accepted === 0
    ? { exitCode: 0, message: `Your app rejected all ${lines.length} wrong responses.`, lines }
    : { exitCode: 1, message: `Your app accepted ${accepted} of ${lines.length} wrong responses.`, lines };
}

const untestable = (message: string): AppTestResult => ({ exitCode: 2, message, lines: [] });

/** One sign-in in a new browser. */
async function signIn({ start, issuer, idTokens, observe }: AppTest, fault: Fault | null): Promise<SignIn> {
  idTokens.kind = fault?.id === 'signature' || fault?.id === 'nonce' ? fault.id : null;
  const observed = observe();
  try {
    const browser = new Browser({ [OWN_HEADER]: 'seed' }, LIMIT_MS, new URL(issuer).origin);
    const redirect = await browser.visit(start, { stop: true });
    const status = await browser.arrive(fault?.changeRedirect?.(redirect) ?? redirect);
    const exchanges = await observed();
    const redeemed = exchanges.findIndex((one) => isTokenRequest(one) && one.form.has('code'));
    return {
      status,
      redeemed: redeemed !== -1,
      continued: redeemed !== -1 && exchanges.slice(redeemed + 1).some(isUse),
    };
  } finally {
    idTokens.kind = null;
    await observed();
  }
}

const isUse = (exchange: ObservedExchange): boolean =>
  isTokenRequest(exchange) ||
  exchange.endpoint === 'userinfo' ||
  exchange.endpoint === 'userBenefits' ||
  exchange.endpoint === 'organizations';

function judgeFault(fault: Fault, { status, redeemed, continued }: SignIn, control: SignIn): AppTestLine {
  const { id, what, advice } = fault;
  if (status === null || status >= 500) {
    const how = status === null ? 'didn’t answer' : `answered with status ${status}`;
    return {
      id,
      ok: id !== 'error' && !redeemed,
      text: `Your app ${how} to ${what}. Show the user a page that says what happened.`,
    };
  }
  // Before the code is redeemed nothing can be wrong with the tokens; after that, using them is accepting them.
  const isAccepted =
    fault.changeRedirect === null ? status < 400 && (continued || !control.continued) : redeemed;
  return isAccepted
    ? { id, ok: false, text: `Your app accepted ${what}. ${advice}` }
    : { id, ok: true, text: `Your app rejected ${what}.` };
}

/** @returns a result that another process sent, or null if the value is anything else */
export function readResult(value: unknown): AppTestResult | null {
  if (typeof value !== 'object' || value === null) return null;
  const { exitCode, message, lines }: { exitCode?: unknown; message?: unknown; lines?: unknown } = value;
  if (exitCode !== 0 && exitCode !== 1 && exitCode !== 2) return null;
  if (typeof message !== 'string' || !Array.isArray(lines)) return null;
  const read = lines.flatMap((line: unknown) => {
    if (typeof line !== 'object' || line === null) return [];
    const { id, ok, text }: { id?: unknown; ok?: unknown; text?: unknown } = line;
    const fault = FAULTS.find((one) => one.id === id);
    return fault === undefined || typeof ok !== 'boolean' || typeof text !== 'string'
      ? []
      : [{ id: fault.id, ok, text }];
  });
  return { exitCode, message, lines: read };
}
