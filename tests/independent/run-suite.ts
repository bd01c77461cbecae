/** Judges a server that is told by nothing but a target file, with the real command, and reads its report. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '../../fixtures/parse-json.js';

const CLI = new URL('../../scripts/cli.js', import.meta.url).pathname;
/** The whole catalog on a slow machine. */
const LIMIT_MS = 600_000;

export interface SuiteRun {
  readonly code: number;
  readonly verdict: unknown;
  /** The profile that it was judged by. */
  readonly profile: unknown;
  readonly results: readonly Readonly<Record<string, unknown>>[];
}

/** @param folder where the command may leave its files */
export function runOnFile(file: string, folder: string, ...more: string[]): Promise<SuiteRun> {
  const args = [CLI, 'run', file, '--json', '--out', folder, ...more];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { maxBuffer: 64 * 1024 * 1024, timeout: LIMIT_MS },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : Number(error.code);
        let report: unknown;
        try {
          report = JSON.parse(stdout);
        } catch {
          reject(new Error(`no report, exit ${code}: ${stderr}`));
          return;
        }
        const results =
          isObject(report) && Array.isArray(report.results) ? report.results.filter(isObject) : [];
        const verdict = isObject(report) ? report.verdict : undefined;
        const profile = isObject(report) && isObject(report.target) ? report.target.profile : undefined;
        resolve({ code, verdict, profile, results });
      },
    );
  });
}

/** @returns what was found of a server with these settings, which are written to a file first */
export async function runOnSettings(settings: object, ...more: string[]): Promise<SuiteRun> {
  const folder = await mkdtemp(join(tmpdir(), 'polar-conformance-test-'));
  try {
    const file = join(folder, 'target.json');
    await writeFile(file, JSON.stringify(settings));
    return await runOnFile(file, folder, ...more);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns the results with one of these statuses, a line each */
export const findVerdicts = (results: SuiteRun['results'], ...statuses: string[]): readonly string[] =>
  results
    .filter(({ status }) => statuses.includes(String(status)))
    .map(({ id, status, message, reason }) => `${id} ${status}: ${message ?? reason}`);

/** @returns the ids of the results with one of these statuses, sorted */
export const findIds = (results: SuiteRun['results'], ...statuses: string[]): readonly string[] =>
  results
    .filter(({ status }) => statuses.includes(String(status)))
    .map(({ id }) => String(id))
    .sort();
