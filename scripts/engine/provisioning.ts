/** What an engine does before its first check: opens a browser, registers the shared clients and signs users in. */
import type { Browser, LaunchOptions } from '@playwright/test';
import { findBrowser, type OpenBrowser, openBrowser } from '../../fixtures/browser/find-browser.js';
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
import { findEntry } from '../../suites/catalog.js';
import { withoutBrowser } from '../../suites/plan.js';
import {
  type Run,
  readIssued,
  readLeftovers,
  type SetupResult,
  writeSetupResult,
} from '../../suites/run-file.js';
import { sendMessage } from './messages.js';

/** Signals are the engine's matter: a browser that ends the process by itself would lose results. */
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

export interface PreparedServer {
  readonly setup: SetupResult;
  /** Open, for whoever closes it; null where there is none. */
  readonly browser: Browser | null;
}

/**
 * Prepares a run, and tells the command what came of it. Throws where nothing can be judged.
 * @param forms learns how pages are passed
 */
export async function prepareServer(run: Run, forms?: SentForms): Promise<PreparedServer> {
  try {
    const provisioned = await provisionOnce(run, forms);
    const { setup } = provisioned;
    writeSetupResult(run, setup);
    await sendMessage({ type: 'ready', browser: setup.launch === null ? null : setup.browser });
    return provisioned;
  } catch (problem) {
    if (problem instanceof CannotJudge) await sendMessage({ type: 'setup-failed', reason: problem.message });
    throw problem;
  }
}

async function provisionOnce(run: Run, forms: SentForms | undefined): Promise<PreparedServer> {
  const { browser, launch, reason } = await browserFor(run);
  try {
    const meeting = await provision(run.target, browser, Math.min(run.workers, run.ids.length), {
      screenshotFolder: run.out,
      rate: run.rate,
      ...(forms === undefined ? {} : { forms }),
    });
    const hopeless = findFatalProblem(meeting);
    if (hopeless === null) {
      const seen = await observe(run, meeting, { browser, reason });
      return { setup: { provisioned: meeting, launch, browser: reason, seen }, browser };
    }
    await cleanUpAndReport(run, meeting);
    throw new CannotJudge(hopeless);
  } catch (problem) {
    await browser?.close();
    throw problem;
  }
}

/** Looks only where a requirement depends on it: it costs an authorization. */
async function observe(
  { target, rate, unlessSeen }: Run,
  provisioned: Provisioned,
  { browser, reason }: Pick<OpenBrowser, 'browser' | 'reason'>,
): Promise<readonly Capability[]> {
  if (Object.keys(unlessSeen).length === 0 || browser === null) return [];
  const environment = createEnvironment({
    target,
    browser,
    noBrowserReason: reason,
    provisioned,
    rate,
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
 * Removes at the server what was created there, and tells what could not be removed.
 * @param hurry ends it early
 */
export async function cleanUpAndReport(run: Run, meeting: Provisioned, hurry?: AbortSignal): Promise<void> {
  const issued = readIssued(run);
  const left = await cleanUp(run.target, meeting, {
    rate: run.rate,
    issuedTokens: issued,
    ...(hurry === undefined ? {} : { signal: hurry }),
  });
  const places = [...readLeftovers(run), ...left];
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
  // A headless shell takes no notice of the wish.
  if (/headless[-_]shell/.test(launch.executablePath ?? '')) throw new CannotJudge(NO_WINDOW);
  try {
    const { chromium } = await import('@playwright/test');
    return await chromium.launch({ ...launch, headless: false });
  } catch {
    // That it starts without a window was tried before.
    throw new CannotJudge(NO_WINDOW);
  }
}
