/** Reading and writing report files. A file is there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';
import type { Report } from './report.js';
import { isReport } from './validate.js';

/** The last run's report, in the folder that `--out` names. */
export function findLastReport(out: string): string {
  return join(out, 'last.json');
}

/**
 * Makes a folder and those above it. Node's own recursive way never returns where a file system refuses with
 * "no such entry", as /proc does.
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Writes beside the place and renames: nobody ever reads half a file. */
export function writeAtomically(path: string, text: string, mode = 0o644): void {
  makeFolder(dirname(path));
  const draft = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, text, { mode });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** @returns the report as a JSON file holds it */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** @returns the report that the file holds; a UsageError says what is wrong with it */
export function readReport(path: string): Report {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`There is no report at ${path}.`);
  }
  const value = parseJson(text);
  if (!isReport(value)) throw new UsageError(`${path} is not a report that this version can read.`);
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
