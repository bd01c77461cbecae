/** The options of `run` as typed data, checked before anything is sent. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';
import { assertDifferent, assertWritable } from '../../fixtures/output/place.js';
import { parseJson } from '../../fixtures/parse-json.js';
import { PROFILES } from '../../fixtures/target/profiles.js';
import type { ProfileName } from '../../fixtures/target/settings.js';
import type { Selection, Shard } from '../../suites/plan/selection.js';
import type { Level } from '../../suites/requirement.js';
import type { Baseline } from '../baseline/baseline.js';
import { readBaseline, readBaselineIfAny } from '../baseline/file.js';
import { findLastReport, readReport } from '../report/files.js';
import type { Report } from '../report/report.js';
import { assertWritableFolder, parseReportFile, type ReportFile } from '../report/report-file.js';
import { isReport } from '../report/validate.js';
import { chooseTarget, SANDBOX_NAME } from './choose-target.js';

/** What the command line said, as yargs gives it. */
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
  /** '' without a value. */
  readonly failed?: string | undefined;
  /** false by --no-browser. */
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
  readonly profile: ProfileName | null;
  readonly defects: readonly string[];
  readonly browserPath: string | null;
  readonly noBrowser: boolean;
  readonly headed: boolean;
  readonly workers: number;
  readonly timeoutMs: number | null;
  /** Seconds that a check may wait for an expiry. */
  readonly maxWait: number;
  /** Requests a second over all workers; null leaves it to where the server is. */
  readonly rate: number | null;
  /** Bursts and huge bodies are allowed everywhere. */
  readonly intrusive: boolean;
  /** Every page is opened in the browser: no form is sent again by HTTP. */
  readonly thorough: boolean;
  /** Nothing is sent. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Files to write the report to, beside the last report. */
  readonly files: readonly ReportFile[];
  readonly out: string;
  /** The folder for traces of checks that are red; null for none. */
  readonly traces: string | null;
  readonly quiet: boolean;
  readonly color: boolean;
  /** What is expected; null without a baseline. */
  readonly baseline: BaselineOption | null;
  readonly strict: boolean;
  readonly allowIncomplete: boolean;
}

export interface BaselineOption {
  readonly path: string;
  readonly baseline: Baseline;
  /** Write what was found as what is expected from now on. */
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

/** @returns the options; a UsageError says in one sentence what is wrong with them */
export function readOptions(given: RunArguments): RunOptions {
  const { target, failed } = splitFailed(given);
  const earlier =
    failed === undefined ? null : readReport(failed === '' ? findLastReport(given.out) : failed);
  const defects = given.defect ?? [];
  if (defects.length > 0 && target !== undefined && target !== SANDBOX_NAME) {
    throw new UsageError('--defect breaks the sandbox on purpose, so it cannot be used with another target.');
  }
  const chosen = chooseTarget(target, defects);
  const files = (given.report ?? []).map(parseReportFile);
  assertWritableFolder(given.out);
  const last = findLastReport(given.out);
  assertWritable(last, '--out');
  assertDifferent([
    ...(chosen === null || statSync(chosen, { throwIfNoEntry: false })?.isFile() !== true
      ? []
      : [['The target', chosen] as const]),
    ...(given.baseline === undefined ? [] : [['--baseline', given.baseline] as const]),
    ...files.map(({ format, path }) => [`--report ${format}`, path] as const),
    ...(given.failed === undefined ? [['The report of the last run', last] as const] : []),
  ]);
  if (given.trace !== undefined) assertWritableFolder(given.trace);
  return {
    target: chosen,
    selection: {
      only: given.only ?? [],
      skip: given.skip ?? [],
      chapters: given.chapter ?? [],
      levels: (given.level ?? []).map((level) => parseChoice('--level', level.toUpperCase(), LEVELS)),
      clauses: given.clause ?? [],
      failed: earlier === null ? null : selectUnsuccessful(earlier),
      order: given.order ?? null,
      shard: given.shard === undefined ? null : parseShard(given.shard),
    },
    earlier,
    profile: given.profile === undefined ? null : parseProfile(given.profile),
    defects,
    browserPath: typeof given.browser === 'string' ? resolve(given.browser) : null,
    noBrowser: given.browser === false,
    headed: given.headed ?? false,
    workers: parseInteger('--workers', given.workers ?? DEFAULT_WORKERS, MAX_WORKERS),
    timeoutMs:
      given.timeout === undefined ? null : parseSeconds('--timeout', given.timeout, MAX_TIMEOUT_S) * 1000,
    maxWait: given.maxWait === undefined ? 0 : parseSeconds('--max-wait', given.maxWait, MAX_WAIT_S),
    rate: given.rate === undefined ? null : parseRate(given.rate),
    intrusive: given.intrusive ?? false,
    thorough: given.thorough ?? false,
    dryRun: given.dryRun ?? false,
    json: given.json ?? false,
    files,
    out: given.out,
    traces: given.trace === undefined ? null : resolve(given.trace),
    quiet: given.quiet ?? false,
    color: given.color ?? true,
    baseline: readBaselineOption(given),
    strict: given.strict ?? false,
    allowIncomplete: given.allowIncomplete ?? false,
  };
}

/** @returns the profile of this name */
export function parseProfile(name: string): ProfileName {
  return parseChoice('--profile', name, PROFILES);
}

/** What failed, and what could not be looked at because something failed. */
function selectUnsuccessful({ results }: Report): readonly string[] {
  return results
    .filter(({ status }) => ['fail', 'warn', 'blocked', 'error'].includes(status))
    .map(({ id }) => id);
}

/** `--failed staging.json` names the target, not the report: people write it so, and the file tells. */
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

function parseChoice<Name extends string>(flag: string, given: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === given);
  if (found === undefined) {
    throw new UsageError(`${flag} ${given} must be one of ${known.join(', ')}.`);
  }
  return found;
}

function parseInteger(flag: string, given: number, most: number): number {
  if (!Number.isInteger(given) || given < 1 || given > most) {
    throw new UsageError(`${flag} must be a whole number from 1 to ${most}.`);
  }
  return given;
}

function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const given = { index: Number(index), of: Number(of) };
  if (!(given.index >= 1 && given.index <= given.of && given.of <= MAX_SHARDS)) {
    throw new UsageError(`--shard ${text} isn’t valid. Write --shard 1/3 for the first of three parts.`);
  }
  return given;
}

function parseRate(given: number): number {
  if (!Number.isFinite(given) || given < MIN_RATE || given > MAX_RATE) {
    throw new UsageError(`--rate must be a number of requests per second from ${MIN_RATE} to ${MAX_RATE}.`);
  }
  return given;
}

function parseSeconds(flag: string, given: number, most: number): number {
  if (!Number.isFinite(given) || given <= 0 || given > most) {
    throw new UsageError(`${flag} must be a number of seconds above 0 and at most ${most}.`);
  }
  return given;
}

/** Read before anything is sent, so that a mistake in it costs no run. */
function readBaselineOption({ baseline: path, updateBaseline = false }: RunArguments): BaselineOption | null {
  if (path === undefined) {
    if (updateBaseline) throw new UsageError('--update-baseline needs --baseline FILE.');
    return null;
  }
  assertWritableFolder(dirname(path));
  if (updateBaseline) assertWritable(path, '--baseline');
  return {
    path,
    update: updateBaseline,
    baseline: updateBaseline ? readBaselineIfAny(path) : readBaseline(path),
  };
}
