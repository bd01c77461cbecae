/** What an engine does before its first check: opens a browser, registers the shared clients and signs users in. */
import type { Browser, LaunchOptions } from '@playwright/test';
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import {
  findBrowser,
  launchBrowser,
  type OpenBrowser,
  openBrowser,
} from '../../fixtures/browser/find-browser.js';
import { buildLaunchOptions } from '../../fixtures/browser/launch-options.js';
import type { SentForms } from '../../fixtures/browser/sent-forms.js';
import { observeCapabilities } from '../../fixtures/environment/observe.js';
import {
  cleanUp,
  createEnvironment,
  findFatalProblem,
  type Provisioned,
  provision,
} from '../../fixtures/environment.js';
import { CannotJudge } from '../../fixtures/errors.js';
import type { Capability } from '../../fixtures/target/capabilities.js';
import type { UserName } from '../../fixtures/target/settings.js';
import { findEntry } from '../../suites/catalog.js';
import { withoutBrowser } from '../../suites/plan.js';
import { type Run, readIssued, readLeftovers, type SetupResult } from '../../suites/run-file.js';
import { sendMessage } from './messages.js';

/** The engine handles signals: a browser that ends the process by itself would lose results. */
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

export interface PreparedServer {
  readonly setup: SetupResult;
  /** Still open; the caller closes it. null if there is none. */
  readonly browser: Browser | null;
}

/**
 * Prepares a run, and reports the result to the command. Throws if nothing can be judged.
 * @param forms learns how to get past pages
 */
export async function prepareServer(run: Run, forms?: SentForms): Promise<PreparedServer> {
  try {
    const provisioned = await provisionOnce(run, forms);
    const { setup } = provisioned;
    await sendMessage({
      type: 'ready',
      browser: setup.launch === null ? null : setup.browser,
      provisioned: setup.provisioned,
    });
    return provisioned;
  } catch (problem) {
    if (problem instanceof CannotJudge) await sendMessage({ type: 'setup-failed', reason: problem.message });
    throw problem;
  }
}

async function provisionOnce(run: Run, forms: SentForms | undefined): Promise<PreparedServer> {
  const { browser, launch, reason } = await browserFor(run);
  try {
    const provisioned = await provision(run.target, browser, Math.min(run.workers, run.ids.length), {
      screenshotFolder: run.out,
      rate: run.rate,
      users: listUsers(run),
      ...(run.thorough ? { forms: null } : forms === undefined ? {} : { forms }),
    });
    const fatal = findFatalProblem(provisioned);
    if (fatal === null) {
      const observed = await observe(run, provisioned, { browser, reason }, forms);
      return { setup: { provisioned, launch, browser: reason, observed }, browser };
    }
    await cleanUpAndReport(run, provisioned);
    throw new CannotJudge(fatal);
  } catch (problem) {
    await closeBrowser(browser);
    throw problem;
  }
}

/** The second user signs in at the start only if a check needs that user, or if there is only a saved session. */
function listUsers({ ids, target }: Run): readonly UserName[] {
  const needed = ids.some((id) => findEntry(id)?.requirement.needs.includes('second-user'));
  return needed || target.settings.users?.second?.storageState !== undefined
    ? ['first', 'second']
    : ['first'];
}

/** Done only if a requirement depends on it, because it costs an authorization. */
async function observe(
  { target, rate, unlessSeen }: Run,
  provisioned: Provisioned,
  { browser, reason }: Pick<OpenBrowser, 'browser' | 'reason'>,
  forms: SentForms | undefined,
): Promise<readonly Capability[]> {
  if (Object.keys(unlessSeen).length === 0 || browser === null) return [];
  const environment = createEnvironment({
    target,
    browser,
    noBrowserReason: reason,
    provisioned,
    rate,
    ...(forms === undefined ? {} : { forms }),
    schemas: () => ({}),
  });
  const check = environment.startCheck();
  try {
    return await observeCapabilities(check);
  } finally {
    await check.close();
    await environment.close();
  }
}

/**
 * Removes what was created at the server, and reports what could not be removed.
 * @param hurry ends it early
 */
export async function cleanUpAndReport(
  run: Run,
  provisioned: Provisioned,
  hurry?: AbortSignal,
): Promise<void> {
  const issued = readIssued(run);
  const remaining = await cleanUp(run.target, provisioned, {
    rate: run.rate,
    issuedTokens: issued,
    ...(hurry === undefined ? {} : { signal: hurry }),
  });
  const places = [...readLeftovers(run), ...remaining];
  if (places.length > 0) await sendMessage({ type: 'leftovers', places });
}

async function browserFor({ browser, ids, target }: Run): Promise<OpenBrowser> {
  if (browser.unavailable !== null) return { browser: null, launch: null, reason: browser.unavailable };
  const needed = ids.some((id) => {
    const entry = findEntry(id);
    return entry !== undefined && withoutBrowser(entry.requirement, '') !== null;
  });
  if (!needed) return { browser: null, launch: null, reason: 'Nothing in the selection needs a browser.' };
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
