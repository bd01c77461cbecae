/** What an engine does before its first check: opens a browser, registers the shared clients and signs users in. */
import type { Browser, LaunchOptions } from '@playwright/test';
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import type { ContextPool } from '../../fixtures/browser/context-pool.js';
import {
  findBrowser,
  launchBrowser,
  type OpenBrowser,
  openBrowser,
} from '../../fixtures/browser/find-browser.js';
import { buildLaunchOptions } from '../../fixtures/browser/launch-options.js';
import { createContextPool } from '../../fixtures/browser/open-context.js';
import type { SentForms } from '../../fixtures/browser/sent-forms.js';
import type { CheckRun } from '../../fixtures/environment/create-environment.js';
import {
  endsEarlierGrants,
  endsEarlierSessions,
  observeCapabilities,
} from '../../fixtures/environment/observe.js';
import {
  cleanUp,
  createEnvironment,
  type EnvironmentOptions,
  findFatalProblem,
  type Provisioned,
  provision,
  signInAgain,
  type UserSessions,
} from '../../fixtures/environment.js';
import { CannotJudge } from '../../fixtures/errors.js';
import { Liveness, nameRequest } from '../../fixtures/http/liveness.js';
import type { UserName } from '../../fixtures/target/settings.js';
import { findEntry } from '../../suites/catalog.js';
import { type Run, readIssued, readLeftovers, type SetupResult } from '../../suites/run-file.js';
import { listenBeside } from './listen.js';
import type { Send } from './messages.js';
import { usesBrowser } from './uses-browser.js';

/** The engine handles signals: a browser that ends the process by itself would lose results. */
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

export interface PreparedServer {
  readonly setup: SetupResult;
  /** Still open; the caller closes it. null if there is none. */
  readonly browser: Browser | null;
  /** Contexts of that browser that can be used again. */
  readonly contexts: ContextPool | undefined;
  /** The last request that the server answered, by method and URL. */
  readonly lastAnswered: string | null;
}

export interface PreparationOptions {
  /** Learns how to get past pages. */
  readonly forms?: SentForms;
  /** The user ended the run: what was registered is deleted, and nothing more is done. */
  readonly stop?: AbortSignal;
  /** Ends that, too. */
  readonly hurry?: AbortSignal;
}

/** Prepares a run, and reports the result to the command. Throws if nothing can be judged. */
export async function prepareServer(
  run: Run,
  send: Send,
  options: PreparationOptions = {},
): Promise<PreparedServer> {
  try {
    const provisioned = await provisionOnce(run, send, options);
    const { setup } = provisioned;
    await send({
      type: 'ready',
      oneAtATime: setup.oneAtATime,
      browser: setup.launch === null ? null : setup.browser,
      provisioned: setup.provisioned,
    });
    return provisioned;
  } catch (problem) {
    if (problem instanceof CannotJudge) await send({ type: 'setup-failed', reason: problem.message });
    throw problem;
  }
}

async function provisionOnce(
  run: Run,
  send: Send,
  { forms, stop, hurry }: PreparationOptions,
): Promise<PreparedServer> {
  const { browser, launch, reason } = await browserFor(run);
  // Whatever its pages still wait for is over.
  stop?.addEventListener('abort', () => void closeBrowser(browser), { once: true });
  const contexts = browser === null ? undefined : createContextPool(browser);
  // The command has just read it.
  const discovered = nameRequest('GET', run.target.discoveryUrl);
  const liveness: Liveness = new Liveness(() => void suspect(), undefined, discovered);
  let isAsking = false;
  const suspect = async () => {
    if (isAsking) return;
    isAsking = true;
    if ((await listenBeside(run.target, liveness)) === 'gone') liveness.declareSilent();
    isAsking = false;
  };
  const assertAnswers = async (provisioned: Provisioned) => {
    if (stop?.aborted === true) {
      await cleanUpAndReport(run, provisioned, send, hurry);
      throw new CannotJudge('The run was interrupted.');
    }
    if (!liveness.silence.aborted) return;
    // What was created can't be removed now, and is listed.
    await cleanUpAndReport(run, provisioned, send, AbortSignal.abort());
    throw new CannotJudge(liveness.describe());
  };
  try {
    const provisioned = await provision(run.target, browser, Math.min(run.workers, run.ids.length), {
      screenshotFolder: run.out,
      rate: run.rate,
      users: listUsers(run),
      contexts,
      liveness,
      ...(stop === undefined ? {} : { stop }),
      ...(run.thorough ? { forms: null } : forms === undefined ? {} : { forms }),
    });
    await assertAnswers(provisioned);
    const fatal = findFatalProblem(provisioned);
    if (fatal === null) {
      const seen = await observe(run, provisioned, { browser, reason }, { forms, contexts, liveness });
      await assertAnswers(provisioned);
      const setup = { provisioned, launch, browser: reason, ...seen };
      return { setup, browser, contexts, lastAnswered: liveness.lastAnswered };
    }
    await cleanUpAndReport(run, provisioned, send);
    throw new CannotJudge(fatal);
  } catch (problem) {
    await closeBrowser(browser);
    throw problem;
  }
}

/**
 * Signs users in for one more check at a time.
 * @returns null if it can't have sessions of its own: a server may keep one pending page per session
 */
export async function openFurtherSessions(
  run: Run,
  { provisioned }: SetupResult,
  browser: Browser | null,
  options: Pick<EnvironmentOptions, 'forms' | 'contexts' | 'pacer'>,
): Promise<UserSessions | null> {
  if (browser === null) return {};
  const users = listUsers(run).filter((who) => run.target.settings.users?.[who] !== undefined);
  if (users.some((who) => provisioned.sessions[who] === undefined)) return null;
  return signInAgain(run.target, browser, provisioned, {
    screenshotFolder: run.out,
    ...options,
    ...(run.thorough ? { forms: null } : {}),
  });
}

/** The second user signs in at the start only if a check needs that user, or if there is only a saved session. */
function listUsers({ ids, target }: Run): readonly UserName[] {
  const needed = ids.some((id) => findEntry(id)?.requirement.needs.includes('second-user'));
  return needed || target.settings.users?.second?.storageState !== undefined
    ? ['first', 'second']
    : ['first'];
}

/** What environments share. */
interface Shared {
  readonly forms: SentForms | undefined;
  readonly contexts: ContextPool | undefined;
  readonly liveness: Liveness;
}

/** With fewer checks, there is little that could get in each other's way. */
const FEW_CHECKS = 20;

/** Each is done only if something depends on it, because it costs authorizations. */
async function observe(
  { target, rate, unlessSeen, workers, ids }: Run,
  provisioned: Provisioned,
  { browser, reason }: Pick<OpenBrowser, 'browser' | 'reason'>,
  { forms, contexts, liveness }: Shared,
): Promise<Pick<SetupResult, 'observed' | 'oneAtATime'>> {
  const isAsked = Object.keys(unlessSeen).length > 0;
  const isShared = workers > 1 && ids.length > FEW_CHECKS;
  if (browser === null || !(isAsked || isShared)) return { observed: [], oneAtATime: null };
  const environment = createEnvironment({
    target,
    browser,
    noBrowserReason: reason,
    provisioned,
    rate,
    ...(forms === undefined ? {} : { forms }),
    contexts,
    liveness,
    schemas: () => () => [],
  });
  const check = environment.startCheck();
  try {
    return {
      observed: isAsked ? await observeCapabilities(check) : [],
      oneAtATime: isShared ? await findWhatEnds(check) : null,
    };
  } finally {
    await check.close();
    await environment.close();
  }
}

async function findWhatEnds(check: CheckRun): Promise<SetupResult['oneAtATime']> {
  if (await endsEarlierGrants(check)) return 'grant';
  return (await endsEarlierSessions(check)) ? 'session' : null;
}

/**
 * Removes what was created at the server, and reports what could not be removed.
 * @param hurry ends it early
 */
export async function cleanUpAndReport(
  run: Run,
  provisioned: Provisioned,
  send: Send,
  hurry?: AbortSignal,
): Promise<void> {
  const issued = readIssued(run);
  const remaining = await cleanUp(run.target, provisioned, {
    rate: run.rate,
    issuedTokens: issued,
    ...(hurry === undefined ? {} : { signal: hurry }),
  });
  const places = [...readLeftovers(run), ...remaining];
  if (places.length > 0) await send({ type: 'leftovers', places });
}

async function browserFor(run: Run): Promise<OpenBrowser> {
  const { browser, target } = run;
  if (browser.unavailable !== null) return { browser: null, launch: null, reason: browser.unavailable };
  if (!usesBrowser(run))
    return { browser: null, launch: null, reason: 'Nothing in the selection needs a browser.' };
  const path = browser.path ?? undefined;
  const adapt = async (launch: LaunchOptions) => ({
    ...(await buildLaunchOptions(launch, target)),
    ...NO_SIGNALS,
  });
  if (!browser.headed) return openBrowser(path, adapt);
  const found = await findBrowser(path);
  if (found.launch === null) return { browser: null, ...found };
  const launch = await adapt(found.launch);
  return { browser: await withWindow(launch), launch, reason: found.reason };
}

const NO_WINDOW =
  'The browser cannot show a window: --headed needs a display and a full Chromium, which --browser can name.';

async function withWindow(launch: LaunchOptions): Promise<Browser> {
  // A headless shell ignores the request.
  if (/headless[-_]shell/.test(launch.executablePath ?? '')) throw new CannotJudge(NO_WINDOW);
  try {
    return await launchBrowser({ ...launch, headless: false });
  } catch {
    // We already know that it starts with no window.
    throw new CannotJudge(NO_WINDOW);
  }
}
