/** `doctor`: everything that a run stands on, one line each; then what could be judged, and what is missing. */
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { type FoundBrowser, findBrowser } from '../../fixtures/person/browser.js';
import { launchFor } from '../../fixtures/person/launch.js';
import { type Browsing, examine } from '../../fixtures/preflight/examine.js';
import type { Finding } from '../../fixtures/preflight/finding.js';
import { reach } from '../../fixtures/preflight/reach.js';
import { loadTarget } from '../../fixtures/target/load.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { coverageLines } from '../doctor/coverage.js';
import { lineOfFinding } from '../doctor/lines.js';
import { palette, plain } from '../report/terminal/text.js';
import { NO_BROWSER } from '../run/conduct.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { profileOf } from '../run/options.js';
import { startSandbox } from '../run/sandbox.js';
import type { Screen } from '../screen.js';

export interface DoctorArguments {
  /** Nothing is the sandbox. */
  readonly target?: string | undefined;
  readonly profile?: string | undefined;
  /** false by --no-browser. */
  readonly browser?: unknown;
  readonly color: boolean;
}

const EXIT_OK = 0;
const EXIT_FAULTS = 3;

/** @returns the exit code */
export async function doctor(given: DoctorArguments, screen: Screen): Promise<number> {
  const { settings, close } = await open(given);
  const interrupts = new Interrupts();
  try {
    return await interrupts.race(examineAll(settings, given, screen));
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    screen.problem('The examination was interrupted.');
    return interrupts.signal === 'SIGTERM' ? 143 : 130;
  } finally {
    interrupts.release();
    await close();
  }
}

async function open({ target, profile }: DoctorArguments): Promise<{
  readonly settings: TargetSettings;
  close(): Promise<void>;
}> {
  const asked = profile === undefined ? {} : { profile: profileOf(profile) };
  if (target !== undefined) {
    return { settings: { ...loadTarget(target), ...asked }, close: async () => undefined };
  }
  const sandbox = await startSandbox([]);
  return { settings: { ...sandbox.settings, ...asked }, close: () => sandbox.close() };
}

async function examineAll(settings: TargetSettings, given: DoctorArguments, screen: Screen): Promise<number> {
  const paint = palette(given.color && screen.colors);
  const print = (line: string) => screen.print(`${line}\n`);
  let faults = 0;
  const tell = (finding: Finding) => {
    if (finding.state === 'fault') faults += 1;
    print(lineOfFinding(finding, paint));
  };
  // To find a browser takes as long as to reach a server.
  const looking = findingOf(given);
  const target = await reach(settings, tell);
  if (target === null) {
    print('');
    print('Nothing can be judged until that is mended.');
    return EXIT_FAULTS;
  }
  const browsing = await browsingOf(await looking, target);
  const left = await examine(target, browsing, tell);
  print('');
  if (left.length > 0) {
    print(`Left at the server, since it could not be removed (${left.length}): ${plain(left.join(', '))}.`);
    print('');
  }
  const means = { noBrowser: browsing.open === null ? browsing.reason : null };
  for (const line of coverageLines(target, means)) print(line);
  print('');
  print(faults === 0 ? 'Nothing is at fault.' : summary(faults));
  return faults === 0 ? EXIT_OK : EXIT_FAULTS;
}

function summary(faults: number): string {
  return faults === 1 ? 'One fault is to be mended.' : `${faults} faults are to be mended.`;
}

async function findingOf({ browser }: DoctorArguments): Promise<FoundBrowser> {
  if (browser === false) return { launch: null, reason: NO_BROWSER };
  return findBrowser(typeof browser === 'string' ? resolve(browser) : undefined);
}

async function browsingOf({ launch, reason }: FoundBrowser, target: Target): Promise<Browsing> {
  if (launch === null) return { open: null, reason };
  const here = await launchFor(launch, target);
  return { open: () => chromium.launch(here), reason };
}
