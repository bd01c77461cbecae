/**
 * The engine's set-up, once before all workers: finds the browser, and meets the server (standing clients, one
 * session for each person). What it found goes into the run's folder.
 */
import { type Browser, chromium, type LaunchOptions } from '@playwright/test';
import { type FoundBrowser, findBrowser } from '../../fixtures/person/browser.js';
import { launchFor } from '../../fixtures/person/launch.js';
import { CannotJudge } from '../../fixtures/problem.js';
import { hopelessness, leave, type Meeting, meet } from '../../fixtures/world.js';
import { findEntry } from '../../suites/catalogue.js';
import { withoutBrowser } from '../../suites/plan.js';
import { type Met, type Run, readIssued, readLeft, readRun, writeMet } from '../../suites/run-file.js';
import { tell } from './messages.js';

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
    const { meeting } = await meetAndTell(prepared);
    return () => leaveAndTell(prepared, meeting);
  }
  const { prepareAlone } = await import('./alone.js');
  const { run, close, found } = await prepareAlone();
  const { launch, browser } = await meetAndTell(run);
  if (launch !== null) found(browser);
  return close;
}

async function leaveAndTell(run: Run, meeting: Meeting): Promise<void> {
  const issued = readIssued(run);
  const left = await leave(run.target, meeting, { rate: run.rate, issued, hurry: hurry.signal });
  const places = [...readLeft(run), ...left];
  if (places.length > 0) await tell({ type: 'left', places });
}

async function meetAndTell(run: Run): Promise<Met> {
  try {
    const met = await meetOnce(run);
    writeMet(run, met);
    await tell({ type: 'met', browser: met.launch === null ? null : met.browser });
    return met;
  } catch (problem) {
    if (problem instanceof CannotJudge) await tell({ type: 'hopeless', reason: problem.message });
    // Playwright stops at this, before any test.
    throw problem;
  }
}

async function meetOnce(run: Run): Promise<Met> {
  const found = await browserOf(run);
  const launch =
    found.launch === null ? null : { ...(await launchFor(found.launch, run.target)), ...NO_SIGNALS };
  const browser = launch === null ? null : await launched(launch, run.browser.headed);
  try {
    const meeting = await meet(run.target, browser, run.workers, { screenshots: run.out, rate: run.rate });
    const hopeless = hopelessness(meeting);
    if (hopeless !== null) {
      await leaveAndTell(run, meeting);
      throw new CannotJudge(hopeless);
    }
    return { meeting, launch, browser: found.reason };
  } finally {
    await browser?.close();
  }
}

const NO_WINDOW =
  'The browser cannot show a window: --headed needs a display and a full Chromium, which --browser can name.';

async function launched(launch: LaunchOptions, headed: boolean): Promise<Browser> {
  // A headless shell takes no notice of the wish.
  if (headed && /headless[-_]shell/.test(launch.executablePath ?? '')) throw new CannotJudge(NO_WINDOW);
  try {
    return await chromium.launch({ ...launch, headless: !headed });
  } catch (problem) {
    // That it starts without a window was tried before.
    throw headed ? new CannotJudge(NO_WINDOW) : problem;
  }
}

async function browserOf({ browser, ids }: Run): Promise<FoundBrowser> {
  if (browser.none !== null) return { launch: null, reason: browser.none };
  const needed = ids.some((id) => {
    const entry = findEntry(id);
    return entry !== undefined && withoutBrowser(entry.requirement, '') !== null;
  });
  if (!needed) return { launch: null, reason: 'Nothing that was selected needs a browser.' };
  return findBrowser(browser.path ?? undefined);
}
