/**
 * The engine's set-up, once before all workers: finds the browser, and meets the server (shared clients, one
 * session for each user). What it found goes into the run's folder.
 */
import { type Browser, chromium, type LaunchOptions } from '@playwright/test';
import { type FoundBrowser, findBrowser } from '../../fixtures/browser/find-browser.js';
import { buildLaunchOptions } from '../../fixtures/browser/launch-options.js';
import { cleanUp, findFatalProblem, type Provisioned, provision } from '../../fixtures/environment.js';
import { CannotJudge } from '../../fixtures/errors.js';
import { findEntry } from '../../suites/catalog.js';
import { withoutBrowser } from '../../suites/plan.js';
import {
  type Run,
  readIssued,
  readLeftovers,
  readRun,
  type SetupResult,
  writeSetupResult,
} from '../../suites/run-file.js';
import { sendMessage } from './messages.js';

/** Signals are the engine's matter: a browser that ends the process by itself would lose results. */
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

/** Whoever interrupts a run does not wait for long: the command ends this process a little later. */
const hurry = new AbortController();
const HURRY_MS = 2_000;

/** @returns what Playwright calls when all tests are over */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const prepared = readRun();
  if (prepared !== null) {
    process.once('SIGINT', () => setTimeout(() => hurry.abort(), HURRY_MS).unref());
    const { provisioned } = await provisionAndReport(prepared);
    return () => cleanUpAndReport(prepared, provisioned);
  }
  const { prepareStandalone: prepareAlone } = await import('./standalone.js');
  const { run, close, browserFound } = await prepareAlone();
  const { launch, browser } = await provisionAndReport(run);
  if (launch !== null) browserFound(browser);
  return close;
}

async function cleanUpAndReport(run: Run, meeting: Provisioned): Promise<void> {
  const issued = readIssued(run);
  const left = await cleanUp(run.target, meeting, {
    rate: run.rate,
    issuedTokens: issued,
    signal: hurry.signal,
  });
  const places = [...readLeftovers(run), ...left];
  if (places.length > 0) await sendMessage({ type: 'leftovers', places });
}

async function provisionAndReport(run: Run): Promise<SetupResult> {
  try {
    const met = await provisionOnce(run);
    writeSetupResult(run, met);
    await sendMessage({ type: 'ready', browser: met.launch === null ? null : met.browser });
    return met;
  } catch (problem) {
    if (problem instanceof CannotJudge) await sendMessage({ type: 'setup-failed', reason: problem.message });
    // Playwright stops at this, before any test.
    throw problem;
  }
}

async function provisionOnce(run: Run): Promise<SetupResult> {
  const found = await findNeededBrowser(run);
  const launch =
    found.launch === null ? null : { ...(await buildLaunchOptions(found.launch, run.target)), ...NO_SIGNALS };
  const browser = launch === null ? null : await launchBrowser(launch, run.browser.headed);
  try {
    const meeting = await provision(run.target, browser, run.workers, {
      screenshotFolder: run.out,
      rate: run.rate,
    });
    const hopeless = findFatalProblem(meeting);
    if (hopeless !== null) {
      await cleanUpAndReport(run, meeting);
      throw new CannotJudge(hopeless);
    }
    return { provisioned: meeting, launch, browser: found.reason };
  } finally {
    await browser?.close();
  }
}

const NO_WINDOW =
  'The browser cannot show a window: --headed needs a display and a full Chromium, which --browser can name.';

async function launchBrowser(launch: LaunchOptions, headed: boolean): Promise<Browser> {
  // A headless shell takes no notice of the wish.
  if (headed && /headless[-_]shell/.test(launch.executablePath ?? '')) throw new CannotJudge(NO_WINDOW);
  try {
    return await chromium.launch({ ...launch, headless: !headed });
  } catch (problem) {
    // That it starts without a window was tried before.
    throw headed ? new CannotJudge(NO_WINDOW) : problem;
  }
}

async function findNeededBrowser({ browser, ids }: Run): Promise<FoundBrowser> {
  if (browser.unavailable !== null) return { launch: null, reason: browser.unavailable };
  const needed = ids.some((id) => {
    const entry = findEntry(id);
    return entry !== undefined && withoutBrowser(entry.requirement, '') !== null;
  });
  if (!needed) return { launch: null, reason: 'Nothing that was selected needs a browser.' };
  return findBrowser(browser.path ?? undefined);
}
