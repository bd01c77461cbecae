/**
 * Where a path leads before it's written. A file is replaced as a whole, in the folder that holds it, also where links
 * lead there. A terminal, a pipe of the shell or /dev/null takes the text as it is. Anything else is refused.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';

export type Place =
  /** A regular file, or none yet; no link. */
  | { readonly kind: 'file'; readonly path: string }
  /** What takes text without being replaced. */
  | { readonly kind: 'stream'; readonly path: string };

const MOST_LINKS = 40;

/**
 * @param what names it at the start of a sentence: '--report json=x.json'
 * @throws UsageError for what can't be written as a file
 */
export function resolvePlace(path: string, what: string): Place {
  const is = statusOf(path, what);
  if (is === undefined || is.isFile()) return { kind: 'file', path: throughLinks(path, what) };
  if (is.isCharacterDevice()) return { kind: 'stream', path };
  if (is.isFIFO()) {
    assertReader(path, what);
    return { kind: 'stream', path };
  }
  throw new UsageError(`${what}: ${path} is ${kindOf(is)}, and only a file can be written.`);
}

/** What can't be written is known before the run, not after it. @throws UsageError */
export function assertWritable(path: string, what: string): void {
  const place = resolvePlace(path, what);
  if (place.kind === 'stream') return;
  const probe = join(dirname(place.path), `.${randomBytes(4).toString('hex')}.tmp`);
  try {
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
  } catch {
    throw new UsageError(`Nothing can be written in the folder ${dirname(place.path)}.`);
  }
}

/**
 * @param named what each path is for, at the start of a sentence, with the path
 * @throws UsageError where two of them are one file: the later one would destroy the earlier one
 */
export function assertDifferent(named: readonly (readonly [what: string, path: string])[]): void {
  const seen = new Map<string, string>();
  for (const [what, path] of named) {
    const place = resolvePlace(path, what);
    if (place.kind === 'stream') continue;
    const real = realPath(place.path);
    const other = seen.get(real);
    if (other !== undefined)
      throw new UsageError(`${what} and ${other} are the same file, ${path}: name two.`);
    seen.set(real, what);
  }
}

function statusOf(path: string, what: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`${what}: ${path} leads nowhere (${codeOf(error)}).`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for an unknown reason';
}

function throughLinks(path: string, what: string): string {
  let place = path;
  for (let links = 0; lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true; links += 1) {
    if (links === MOST_LINKS) throw new UsageError(`${what}: the links at ${path} lead nowhere.`);
    place = resolve(dirname(place), readlinkSync(place));
  }
  return place;
}

/** The folder may be reached by several ways, and the file need not be there yet. */
function realPath(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return resolve(path);
  }
}

/** Opening a pipe that nobody reads waits forever. */
function assertReader(path: string, what: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    throw new UsageError(`${what}: nobody reads the pipe ${path}.`);
  }
}

function kindOf(is: Stats): string {
  if (is.isDirectory()) return 'a folder';
  if (is.isBlockDevice()) return 'a disk';
  return is.isSocket() ? 'a socket' : 'no file';
}
