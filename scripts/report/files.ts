/** Reading and writing report files. A file is there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CannotJudge, firstLine, UsageError } from '../../fixtures/errors.js';
import { makeHarmlessJson } from './harmless.js';
import { resolvePlace } from './place.js';
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

/**
 * Writes beside the place and renames, so that nobody ever reads half a file. A stream takes the text as it is.
 * @throws CannotJudge where the disk is full or the place is gone, since the path was fine before the run
 */
export function writeAtomically(path: string, text: string, mode = 0o644): void {
  try {
    write(path, text, mode);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new CannotJudge(`${path} could not be written: ${reasonOf(error)}.`);
  }
}

function write(path: string, text: string, mode: number): void {
  makeFolder(dirname(path));
  const place = resolvePlace(path, 'The file');
  if (place.kind === 'stream') {
    writeFileSync(place.path, text);
    return;
  }
  const draft = `${place.path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, text, { mode });
    renameSync(draft, place.path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'that is not allowed',
  EPERM: 'that is not allowed',
  ENOTDIR: 'what should be its folder is a file',
  ENAMETOOLONG: 'the name is too long',
  EPIPE: 'nobody reads it any more',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? firstLine(error);
}

/** @returns the report as a JSON file holds it */
export function renderJson(report: Report): string {
  return makeHarmlessJson(`${JSON.stringify(report, null, 2)}\n`);
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
