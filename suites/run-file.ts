/**
 * What the command hands to the engine: one file, readable by its owner alone, in a folder that vanishes with
 * the run. Its path is in the environment, since the engine's workers are processes of their own.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';
import type { IssuedToken, Provisioned } from '../fixtures/environment.js';
import type { Capability } from '../fixtures/target/capabilities.js';
import type { Target } from '../fixtures/target/settings.js';

/** The environment variable that holds the path of the run file. */
export const RUN_VARIABLE = 'POLAR_CONFORMANCE_RUN';

/** Set where our own reporter listens, which turns broken rules into an exit code. */
export const REPORTER_VARIABLE = 'POLAR_CONFORMANCE_REPORTER';

export interface Run {
  /** A private folder: everything that the engine writes goes there. */
  readonly folder: string;
  readonly target: Target;
  /** The requirements to judge, in order. */
  readonly ids: readonly string[];
  /** Those of them that are judged only where the server shows the capability that it doesn't claim. */
  readonly unlessSeen: Readonly<Record<string, Capability>>;
  /** Those of them that are judged by themselves. */
  readonly serial: readonly string[];
  readonly browser: BrowserChoice;
  /** The folder that keeps pictures of pages that are not understood. */
  readonly out: string;
  /** The folder for traces of checks that are red; null for none. */
  readonly traces: string | null;
  readonly workers: number;
  /** For each check; null leaves it to the check. */
  readonly timeoutMs: number | null;
  /** Seconds that a check may wait for an expiry. */
  readonly maxWait: number;
  /** The most requests a second, over all workers; null for no limit. */
  readonly rate: number | null;
  /** Each exchange is told as it happens. */
  readonly exchanges: boolean;
  /** Bursts and huge bodies are allowed everywhere. */
  readonly intrusive: boolean;
  /** Every page is opened in the browser: no form is sent again by HTTP. */
  readonly thorough: boolean;
}

export interface BrowserChoice {
  /** The program that the user named. */
  readonly path: string | null;
  readonly headed: boolean;
  /** Why there is to be no browser; null where one is to be found. */
  readonly unavailable: string | null;
}

/** What the engine's set-up found once for all workers. */
export interface SetupResult {
  readonly provisioned: Provisioned;
  /** null: there is no browser. */
  readonly launch: LaunchOptions | null;
  /** What the browser is, or why there is none. */
  readonly browser: string;
  /** What the server was seen to have, though it doesn't claim it. */
  readonly seen: readonly Capability[];
}

/** Writes the run file into the run's folder. @returns its path */
export function writeRun(run: Run): string {
  return writePrivate(join(run.folder, 'run.json'), run);
}

/** @returns the run that the environment names, or null where it names none */
export function readRun(): Run | null {
  const path = process.env[RUN_VARIABLE];
  return path === undefined || path === '' ? null : readPrivate<Run>(path);
}

export function writeSetupResult(run: Run, met: SetupResult): void {
  writePrivate(join(run.folder, 'met.json'), met);
}

/** @returns what the set-up found in this run; null where it did not get as far */
export function readProvisioned(runFile: string): Provisioned | null {
  const path = join(dirname(runFile), 'met.json');
  return existsSync(path) ? readPrivate<SetupResult>(path).provisioned : null;
}

export function readSetupResult(run: Run): SetupResult {
  return readPrivate<SetupResult>(join(run.folder, 'met.json'));
}

/** Keeps what a worker could not remove at the server. */
export function writeLeftovers({ folder }: Run, worker: number, places: readonly string[]): void {
  if (places.length > 0) writePrivate(join(folder, `left-${worker}.json`), places);
}

/** @returns what all workers could not remove */
export function readLeftovers({ folder }: Run): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^left-\d+\.json$/.test(name))
    .flatMap((name) => readPrivate<readonly string[]>(join(folder, name)));
}

/** Keeps what clients of the target file were given by a worker's checks. */
export function writeIssued({ folder }: Run, worker: number, tokens: readonly IssuedToken[]): void {
  if (tokens.length > 0) writePrivate(join(folder, `issued-${worker}.json`), tokens);
}

/** @returns the same of all workers */
export function readIssued({ folder }: Run): readonly IssuedToken[] {
  return readdirSync(folder)
    .filter((name) => /^issued-\d+\.json$/.test(name))
    .flatMap((name) => readPrivate<readonly IssuedToken[]>(join(folder, name)));
}

function writePrivate(path: string, value: unknown): string {
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  return path;
}

/** Our own file from a moment ago, in a folder that nobody else may enter: its shape is known. */
function readPrivate<Content>(path: string): Content {
  const value: Content = JSON.parse(readFileSync(path, 'utf8'));
  return value;
}
