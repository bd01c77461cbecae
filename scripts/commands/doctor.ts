/** `doctor`: everything that a run stands on, one line each; then what could be judged, and what is missing. */
import { resolve } from 'node:path';
import { createPalette, escapeControls } from '../../fixtures/output/terminal-text.js';
import type { BrowserSetup } from '../../fixtures/preflight/examine.js';
import type { PreflightFinding } from '../../fixtures/preflight/finding.js';
import { reachServer } from '../../fixtures/preflight/reach.js';
import { describeTarget, loadTarget } from '../../fixtures/target/load.js';
import { combineProfiles, readProfiles } from '../../fixtures/target/profiles.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { DEFAULT_TARGET_FILE } from '../command-line/options.js';
import { formatFinding } from '../doctor/format-finding.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { parseProfile } from '../run/options.js';
import { usePrivateTemporaryFolder } from '../run/private-folder.js';
import type { Screen } from '../screen.js';

export interface DoctorArguments {
  /** null: the sandbox. */
  readonly target: string | null;
  readonly profile?: string | undefined;
  /** false by --no-browser. */
  readonly browser?: unknown;
  readonly color: boolean;
}

const EXIT_OK = 0;
const EXIT_FAULTS = 3;

/** @returns the exit code */
export async function doctor(given: DoctorArguments, screen: Screen): Promise<number> {
  const { settings, close } = await openTarget(given);
  const interrupts = new Interrupts();
  const temporary = usePrivateTemporaryFolder();
  try {
    return await interrupts.race(examineTarget(settings, given, screen));
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    screen.problem('The check-up was interrupted.');
    return interrupts.signal === 'SIGTERM' ? 143 : 130;
  } finally {
    interrupts.release();
    await close();
    temporary.remove();
  }
}

async function openTarget({ target, profile }: DoctorArguments): Promise<{
  readonly settings: TargetSettings;
  close(): Promise<void>;
}> {
  const asked = profile === undefined ? null : parseProfile(profile);
  const choose = (settings: TargetSettings): TargetSettings =>
    asked === null ? settings : { ...settings, profile: combineProfiles(settings.profile, asked) };
  if (target !== null) return { settings: choose(loadTarget(target)), close: async () => undefined };
  const { startSandbox } = await import('../run/sandbox.js');
  const sandbox = await startSandbox([], { agents: asked !== null && readProfiles(asked).agents });
  return { settings: choose(sandbox.settings), close: () => sandbox.close() };
}

async function examineTarget(
  settings: TargetSettings,
  given: DoctorArguments,
  screen: Screen,
): Promise<number> {
  const paint = createPalette(given.color && screen.colors);
  const print = (line: string) => screen.print(`${line}\n`);
  let faults = 0;
  const tell = (finding: PreflightFinding) => {
    if (finding.state === 'fault') faults += 1;
    print(formatFinding(finding, paint));
  };
  print(describeExamination(settings, given));
  const target = await reachServer(settings, tell);
  if (target === null) {
    print('');
    print('Nothing can be judged until that is fixed.');
    return EXIT_FAULTS;
  }
  // What only this half needs takes longer to load than a server takes to be reached.
  const { examine } = await import('../../fixtures/preflight/examine.js');
  const { browser, reason, registrationRefused } = await examine(
    target,
    () => openBrowserFor(given, target),
    tell,
  );
  const known = { ...target, registrationRefused };
  const { formatCoverage: coverageLines } = await import('../doctor/coverage.js');
  print('');
  for (const line of coverageLines(known, { noBrowser: browser === null ? reason : null })) print(line);
  const { describeRegistrationNeeds } = await import('../../fixtures/preflight/registration-needs.js');
  for (const line of ['', ...(registrationRefused ? [] : describeRegistrationNeeds(target))]) print(line);
  print('');
  print(faults === 0 ? 'Nothing to fix.' : summarizeFaults(faults));
  return faults === 0 ? EXIT_OK : EXIT_FAULTS;
}

/** A file that nobody named, and the sandbox, must not be mistaken for another server. */
function describeExamination(settings: TargetSettings, { target }: DoctorArguments): string {
  const { name, issuer } = describeTarget(settings);
  if (target === null) return `Checking the built-in sandbox (${issuer}).`;
  const from = target === DEFAULT_TARGET_FILE ? `, from ${DEFAULT_TARGET_FILE}` : '';
  return escapeControls(`Examining ${name} (${issuer})${from}.`);
}

function summarizeFaults(faults: number): string {
  return faults === 1 ? '1 problem to fix.' : `${faults} problems to fix.`;
}

async function openBrowserFor({ browser }: DoctorArguments, target: Target): Promise<BrowserSetup> {
  if (browser === false) {
    const { NO_BROWSER } = await import('../run/run-engine.js');
    return { browser: null, reason: NO_BROWSER };
  }
  const [{ openBrowser }, { buildLaunchOptions }] = await Promise.all([
    import('../../fixtures/browser/find-browser.js'),
    import('../../fixtures/browser/launch-options.js'),
  ]);
  const path = typeof browser === 'string' ? resolve(browser) : undefined;
  return openBrowser(path, (launch) => buildLaunchOptions(launch, target));
}
