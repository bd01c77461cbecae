/** What an engine does before its first check: opens a browser, registers the standing clients and signs users in. */
import type { Browser, LaunchOptions } from '@playwright/test';
import { findBrowser, type OpenBrowser, openBrowser } from '../../fixtures/person/browser.js';
import { launchFor } from '../../fixtures/person/launch.js';
import type { SentForms } from '../../fixtures/person/sent-forms.js';
import { CannotJudge } from '../../fixtures/problem.js';
import { hopelessness, leave, type Meeting, meet } from '../../fixtures/world.js';
import { findEntry } from '../../suites/catalogue.js';
import { withoutBrowser } from '../../suites/plan.js';
import { type Met, type Run, readIssued, readLeft, writeMet } from '../../suites/run-file.js';
import { tell } from './messages.js';

/** Signals are the engine's matter: a browser that ends the process by itself would lose results. */
const NO_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

export interface Provisioned {
  readonly met: Met;
  /** Open, for whoever closes it; null where there is none. */
  readonly browser: Browser | null;
}

/**
 * Prepares a run, and tells the command what came of it. Throws where nothing can be judged.
 * @param forms learns how pages are passed
 */
export async function provision(run: Run, forms?: SentForms): Promise<Provisioned> {
  try {
    const provisioned = await provisionOnce(run, forms);
    const { met } = provisioned;
    writeMet(run, met);
    await tell({ type: 'met', browser: met.launch === null ? null : met.browser });
    return provisioned;
  } catch (problem) {
    if (problem instanceof CannotJudge) await tell({ type: 'hopeless', reason: problem.message });
    throw problem;
  }
}

async function provisionOnce(run: Run, forms: SentForms | undefined): Promise<Provisioned> {
  const { browser, launch, reason } = await browserFor(run);
  try {
    const meeting = await meet(run.target, browser, Math.min(run.workers, run.ids.length), {
      screenshots: run.out,
      rate: run.rate,
      ...(forms === undefined ? {} : { forms }),
    });
    const hopeless = hopelessness(meeting);
    if (hopeless === null) return { met: { meeting, launch, browser: reason }, browser };
    await leaveAndTell(run, meeting);
    throw new CannotJudge(hopeless);
  } catch (problem) {
    await browser?.close();
    throw problem;
  }
}

/**
 * Removes at the server what was created there, and tells what could not be removed.
 * @param hurry ends it early
 */
export async function leaveAndTell(run: Run, meeting: Meeting, hurry?: AbortSignal): Promise<void> {
  const issued = readIssued(run);
  const left = await leave(run.target, meeting, {
    rate: run.rate,
    issued,
    ...(hurry === undefined ? {} : { hurry }),
  });
  const places = [...readLeft(run), ...left];
  if (places.length > 0) await tell({ type: 'left', places });
}

async function browserFor({ browser, ids, target }: Run): Promise<OpenBrowser> {
  if (browser.none !== null) return { browser: null, launch: null, reason: browser.none };
  const needed = ids.some((id) => {
    const entry = findEntry(id);
    return entry !== undefined && withoutBrowser(entry.requirement, '') !== null;
  });
  if (!needed) return { browser: null, launch: null, reason: 'Nothing that was selected needs a browser.' };
  const path = browser.path ?? undefined;
  const adapt = async (launch: LaunchOptions) => ({ ...(await launchFor(launch, target)), ...NO_SIGNALS });
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
