/**
 * What the command passes to the engine: one file that only its owner can read, in a folder that is removed with the
 * run. Its path is in the environment, because the engine and its workers are separate processes.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';
import type { IssuedToken, Provisioned } from '../fixtures/environment.js';
import { writeTemporary } from '../fixtures/output/write-file.js';
import type { Capability } from '../fixtures/target/capabilities.js';
import type { Target } from '../fixtures/target/settings.js';
import type { Result } from './result.js';

/** The environment variable that holds the path of the run file. */
export const RUN_VARIABLE = 'POLAR_CONFORMANCE_RUN';

/** Set if our own reporter listens, which turns failed requirements into an exit code. */
export const REPORTER_VARIABLE = 'POLAR_CONFORMANCE_REPORTER';

export interface Run {
  /** A private folder: everything that the engine writes goes there. */
  readonly folder: string;
  readonly target: Target;
  /** The requirements to judge, in order. */
  readonly ids: readonly string[];
  /** Those of them that are judged only if the server shows the capability that it doesn't claim. */
  readonly unlessSeen: Readonly<Record<string, Capability>>;
  /** Those of them that are judged one at a time. */
  readonly serial: readonly string[];
  /** What an earlier engine of the same run found, if it was ended from outside. */
  readonly statuses: Readonly<Record<string, Result['status']>>;
  readonly browser: BrowserChoice;
  /** The folder for screenshots of unrecognized pages. */
  readonly out: string;
  /** The folder for traces of failing checks; null for none. */
  readonly traces: string | null;
  readonly workers: number;
  /** So many checks may be judged at a time where the server takes most of the time; not fewer than `workers`. */
  readonly mostWorkers: number;
  /** For each check; null uses the check's own. */
  readonly timeoutMs: number | null;
  /** Seconds that a check may wait for an expiry. */
  readonly maxWait: number;
  /** The most requests per second over all checks; null for no limit. */
  readonly rate: number | null;
  /** Whether each exchange is reported when it happens. */
  readonly exchanges: boolean;
  /** Whether bursts and huge bodies are allowed everywhere. */
  readonly intrusive: boolean;
  /** Whether every page is opened in the browser, and no form is sent by HTTP. */
  readonly thorough: boolean;
}

interface BrowserChoice {
  /** The program that the user named. */
  readonly path: string | null;
  readonly headed: boolean;
  /** Why not to use a browser; null to look for one. */
  readonly unavailable: string | null;
}

/** What the engine's setup found, once for all workers. */
export interface SetupResult {
  readonly provisioned: Provisioned;
  /** null: there is no browser. */
  readonly launch: LaunchOptions | null;
  /** What the browser is, or why there is none. */
  readonly browser: string;
  /** What the server was seen to support even though it doesn't claim it. */
  readonly observed: readonly Capability[];
  /** What a new one of ends the one before it: then the checks, which share users and clients, run one at a time. */
  readonly oneAtATime: 'grant' | 'session' | null;
}

/** Writes the run file to the run's folder. @returns its path */
export function writeRun(run: Run): string {
  return writePrivate(join(run.folder, 'run.json'), run);
}

/** @returns the run that the environment names, or null if it names none */
export function readRun(): Run | null {
  const path = process.env[RUN_VARIABLE];
  return path === undefined || path === '' ? null : readPrivate<Run>(path);
}

/**
 * The same for a process that alone needs it: the file with its passwords is deleted, so that it can't be left behind
 * when every process of the run is killed.
 */
export function takeRun(): Run | null {
  const run = readRun();
  const path = process.env[RUN_VARIABLE];
  if (run !== null && path !== undefined) rmSync(path);
  return run;
}

export function writeSetupResult(run: Run, setup: SetupResult): void {
  writePrivate(join(run.folder, 'met.json'), setup);
}

export function readSetupResult(run: Run): SetupResult {
  return readPrivate<SetupResult>(join(run.folder, 'met.json'));
}

/** Stores what a worker could not remove at the server. */
export function writeLeftovers({ folder }: Run, worker: number, places: readonly string[]): void {
  if (places.length > 0) writePrivate(join(folder, `left-${worker}.json`), places);
}

/** @returns what no worker could remove */
export function readLeftovers({ folder }: Run): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^left-\d+\.json$/.test(name))
    .flatMap((name) => readPrivate<readonly string[]>(join(folder, name)));
}

/** Stores the tokens that a worker's checks received for clients of the target file. */
export function writeIssued({ folder }: Run, worker: number, tokens: readonly IssuedToken[]): void {
  if (tokens.length > 0) writePrivate(join(folder, `issued-${worker}.json`), tokens);
}

/** @returns the same for all workers; the files are deleted */
export function readIssued({ folder }: Run): readonly IssuedToken[] {
  return readdirSync(folder)
    .filter((name) => /^issued-\d+\.json$/.test(name))
    .flatMap((name) => {
      const tokens = readPrivate<readonly IssuedToken[]>(join(folder, name));
      rmSync(join(folder, name));
      return tokens;
    });
}

function writePrivate(path: string, value: unknown): string {
  writeTemporary(path, JSON.stringify(value));
  return path;
}

/** Our own file from a moment ago, in a folder that nobody else can enter: its shape is known. */
function readPrivate<Content>(path: string): Content {
  const value: Content = JSON.parse(readFileSync(path, 'utf8'));
  return value;
}
