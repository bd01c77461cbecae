/** The options of `run` as typed data, checked before anything is sent. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';
import { assertDifferent, assertReplaceable, assertWritable } from '../../fixtures/output/place.js';
import { parseJson } from '../../fixtures/parse-json.js';
import { PROFILES } from '../../fixtures/target/profiles.js';
import type { ProfileChoice } from '../../fixtures/target/settings.js';
import type { Selection, Shard } from '../../suites/plan/selection.js';
import type { Level } from '../../suites/requirement.js';
import type { Baseline } from '../baseline/baseline.js';
import { readBaseline, readBaselineIfAny } from '../baseline/file.js';
import { findLastReport, readReport } from '../report/files.js';
import type { Report } from '../report/report.js';
import { assertWritableFolder, parseReportFile, type ReportFile } from '../report/report-file.js';
import { isReport } from '../report/validate.js';
import { chooseTarget, SANDBOX_NAME } from './choose-target.js';

/** What yargs read from the command line. */
export interface RunArguments {
  readonly target?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  readonly chapter?: readonly string[] | undefined;
  readonly level?: readonly string[] | undefined;
  readonly clause?: readonly string[] | undefined;
  readonly defect?: readonly string[] | undefined;
  readonly report?: readonly string[] | undefined;
  readonly profile?: string | undefined;
  /** '' if it has no value. */
  readonly failed?: string | undefined;
  /** false with --no-browser. */
  readonly browser?: unknown;
  readonly headed?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly order?: string | undefined;
  readonly shard?: string | undefined;
  readonly timeout?: number | undefined;
  readonly maxWait?: number | undefined;
  readonly rate?: number | undefined;
  readonly intrusive?: boolean | undefined;
  readonly thorough?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color?: boolean | undefined;
  readonly baseline?: string | undefined;
  readonly updateBaseline?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly allowIncomplete?: boolean | undefined;
  readonly out: string;
  readonly trace?: string | undefined;
}

export interface RunOptions {
  /** null: the sandbox. */
  readonly target: string | null;
  readonly selection: Selection;
  /** The report that --failed reads. */
  readonly earlier: Report | null;
  readonly profile: ProfileChoice | null;
  readonly defects: readonly string[];
  readonly browserPath: string | null;
  readonly noBrowser: boolean;
  readonly headed: boolean;
  readonly workers: number;
  /** So many checks may be judged at a time where the server takes most of the time. */
  readonly mostWorkers: number;
  readonly timeoutMs: number | null;
  /** Seconds that a check may wait for an expiry. */
  readonly maxWait: number;
  /** Requests per second over all checks; null lets the server's location decide. */
  readonly rate: number | null;
  /** Bursts and huge bodies are allowed everywhere. */
  readonly intrusive: boolean;
  /** Every page is opened in the browser: no form is sent by HTTP. */
  readonly thorough: boolean;
  /** Nothing is sent. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Files to write the report to, in addition to the last report. */
  readonly files: readonly ReportFile[];
  readonly out: string;
  /** The folder for traces of failing checks; null for none. */
  readonly traces: string | null;
  readonly quiet: boolean;
  readonly color: boolean;
  /** What is expected; null with no baseline. */
  readonly baseline: BaselineOption | null;
  readonly strict: boolean;
  readonly allowIncomplete: boolean;
}

export interface BaselineOption {
  readonly path: string;
  readonly baseline: Baseline;
  /** Whether to write the results as the new baseline. */
  readonly update: boolean;
}

const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY'];
const DEFAULT_WORKERS = 2;
const MAX_WORKERS = 16;
const MAX_SHARDS = 1000;
const MAX_TIMEOUT_S = 3600;
const MIN_RATE = 0.1;
const MAX_RATE = 1000;
const MAX_WAIT_S = 86_400;

/**
 * @returns the options
 * @throws UsageError that says in one sentence what is wrong with them
 */
export function readOptions(args: RunArguments): RunOptions {
  const { target, failed } = splitFailed(args);
  const earlier = failed === undefined ? null : readReport(failed === '' ? findLastReport(args.out) : failed);
  const defects = args.defect ?? [];
  if (defects.length > 0 && target !== undefined && target !== SANDBOX_NAME) {
    throw new UsageError('--defect breaks the sandbox on purpose, so it cannot be used with another target.');
  }
  const chosen = chooseTarget(target, defects);
  const files = (args.report ?? []).map(parseReportFile);
  assertWritableFolder(args.out);
  const last = findLastReport(args.out);
  assertWritable(last, '--out');
  assertDifferent([
    ...(chosen === null || statSync(chosen, { throwIfNoEntry: false })?.isFile() !== true
      ? []
      : [['The target', chosen] as const]),
    ...(args.baseline === undefined ? [] : [['--baseline', args.baseline] as const]),
    ...files.map(({ format, path }) => [`--report ${format}`, path] as const),
    ...(args.failed === undefined ? [['The report of the last run', last] as const] : []),
  ]);
  if (args.trace !== undefined) assertWritableFolder(args.trace);
  const workers = parseInteger('--workers', args.workers ?? DEFAULT_WORKERS, MAX_WORKERS);
  return {
    target: chosen,
    selection: {
      only: args.only ?? [],
      skip: args.skip ?? [],
      chapters: args.chapter ?? [],
      levels: (args.level ?? []).map((level) => parseChoice('--level', level.toUpperCase(), LEVELS)),
      clauses: args.clause ?? [],
      failed: earlier === null ? null : selectUnsuccessful(earlier),
      order: args.order ?? null,
      shard: args.shard === undefined ? null : parseShard(args.shard),
    },
    earlier,
    profile: args.profile === undefined ? null : parseProfile(args.profile),
    defects,
    browserPath: typeof args.browser === 'string' ? resolve(args.browser) : null,
    noBrowser: args.browser === false,
    headed: args.headed ?? false,
    workers,
    // What somebody asks for isn't exceeded, and nobody wants to see many windows.
    mostWorkers: args.workers === undefined && args.headed !== true ? MAX_WORKERS : workers,
    timeoutMs:
      args.timeout === undefined ? null : parseSeconds('--timeout', args.timeout, MAX_TIMEOUT_S) * 1000,
    maxWait: args.maxWait === undefined ? 0 : parseSeconds('--max-wait', args.maxWait, MAX_WAIT_S),
    rate: args.rate === undefined ? null : parseRate(args.rate),
    intrusive: args.intrusive ?? false,
    thorough: args.thorough ?? false,
    dryRun: args.dryRun ?? false,
    json: args.json ?? false,
    files,
    out: args.out,
    traces: args.trace === undefined ? null : resolve(args.trace),
    quiet: args.quiet ?? false,
    color: args.color ?? true,
    baseline: readBaselineOption(args),
    strict: args.strict ?? false,
    allowIncomplete: args.allowIncomplete ?? false,
  };
}

/** @returns the profiles with these names, which are separated by commas */
export function parseProfile(names: string): ProfileChoice {
  return names.split(',').map((name) => parseChoice('--profile', name.trim(), PROFILES));
}

/** What failed, and what could not be tested because something failed. */
function selectUnsuccessful({ results }: Report): readonly string[] {
  return results
    .filter(({ status }) => ['fail', 'warn', 'blocked', 'error'].includes(status))
    .map(({ id }) => id);
}

/**
 * `--failed staging.json` names the target, not the report. People write it this way, and the file's content shows it.
 */
function splitFailed({ failed, target }: RunArguments): Pick<RunArguments, 'failed' | 'target'> {
  if (failed === undefined || failed === '' || target !== undefined || isReportFile(failed)) {
    return { failed, target };
  }
  return { failed: '', target: failed };
}

function isReportFile(path: string): boolean {
  try {
    const value: unknown = parseJson(readFileSync(path, 'utf8'));
    return isReport(value);
  } catch {
    return false;
  }
}

function parseChoice<Name extends string>(flag: string, value: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw new UsageError(`${flag} ${value} must be one of ${known.join(', ')}.`);
  }
  return found;
}

function parseInteger(flag: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new UsageError(`${flag} must be a whole number from 1 to ${most}.`);
  }
  return value;
}

function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const value = { index: Number(index), of: Number(of) };
  if (!(value.index >= 1 && value.index <= value.of && value.of <= MAX_SHARDS)) {
    throw new UsageError(`--shard ${text} isn't valid. Write --shard 1/3 for the first of three parts.`);
  }
  return value;
}

function parseRate(value: number): number {
  if (!Number.isFinite(value) || value < MIN_RATE || value > MAX_RATE) {
    throw new UsageError(`--rate must be a number of requests per second from ${MIN_RATE} to ${MAX_RATE}.`);
  }
  return value;
}

function parseSeconds(flag: string, value: number, most: number): number {
  if (!Number.isFinite(value) || value <= 0 || value > most) {
    throw new UsageError(`${flag} must be a number of seconds above 0 and at most ${most}.`);
  }
  return value;
}

/** Read before anything is sent, so that a mistake in it doesn't cost a run. */
function readBaselineOption({ baseline: path, updateBaseline = false }: RunArguments): BaselineOption | null {
  if (path === undefined) {
    if (updateBaseline) throw new UsageError('--update-baseline needs --baseline FILE.');
    return null;
  }
  assertWritableFolder(dirname(path));
  if (updateBaseline) assertReplaceable(path, '--baseline');
  return {
    path,
    update: updateBaseline,
    baseline: updateBaseline ? readBaselineIfAny(path) : readBaseline(path),
  };
}
