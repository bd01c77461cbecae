/** The state file: validated when read, written atomically, and moved aside rather than deleted if it can't be read. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { UsageError } from '../../fixtures/errors.js';
import { makeFolder, writeAtomically } from '../../fixtures/output/write-file.js';
import { isObject, parseJson } from '../../fixtures/parse-json.js';
import { readSchema } from '../../fixtures/read-schema.js';
import { NAMES, type Values } from '../lessons/values.js';
import type { Saved } from '../tutorial-options.js';

const VERSION = 1;

/** The file's content; a validated file may have values with any names. */
type StateFile = Omit<Saved, 'values'> & {
  readonly version: typeof VERSION;
  readonly values: Readonly<Record<string, string>>;
};

export type Reading =
  | { readonly kind: 'none' }
  | { readonly kind: 'saved'; readonly saved: Saved }
  /** `why` completes a sentence that begins with the file's path. */
  | { readonly kind: 'unreadable'; readonly why: string };

let compiled: ValidateFunction<StateFile> | undefined;

/** @returns the file's content; throws a UsageError if it can't be opened */
export function readState(path: string): Reading {
  const text = textOf(path);
  if (text === null) return { kind: 'none' };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { kind: 'unreadable', why: 'is damaged: it isn’t valid JSON' };
  }
  if (isObject(value) && typeof value.version === 'number' && value.version > VERSION) {
    return { kind: 'unreadable', why: 'was written by a newer version of the tutorial' };
  }
  const validate = validator();
  if (!validate(value)) {
    const [error] = validate.errors ?? [];
    const place = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    return { kind: 'unreadable', why: `is damaged: ${place === '' ? 'it' : place} ${error?.message ?? ''}` };
  }
  const { version: _, values, ...rest } = value;
  return { kind: 'saved', saved: { ...rest, values: knownValues(values) } };
}

/** @returns null if there is no file */
function textOf(path: string): string | null {
  try {
    // A device or a pipe would be read without end, or be moved aside.
    if (statSync(path).isFile()) return readFileSync(path, 'utf8');
  } catch (problem) {
    if (codeOf(problem) === 'ENOENT') return null;
    throw cannotSave(path, problem);
  }
  throw new UsageError(`Progress can’t be saved in ${path}: it isn’t a file. Use --state FILE to name one.`);
}

function validator(): ValidateFunction<StateFile> {
  if (compiled === undefined) {
    const schema = readSchema(new URL('./tutorial-state.schema.json', import.meta.url));
    compiled = new Ajv2020({ strict: true, allowUnionTypes: true }).compile<StateFile>(schema);
  }
  return compiled;
}

const knownValues = (values: Readonly<Record<string, string>>): Values =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Renames a file that can't be read. @returns its new path, which was free */
export function moveAside(path: string): string {
  let aside = `${path}.bak`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${path}.bak-${count}`;
  renameSync(path, aside);
  return aside;
}

/** Replaces the file atomically; only its owner can read it. */
export function writeState(path: string, saved: Saved): void {
  const file: StateFile = { version: VERSION, ...saved };
  writeAtomically(path, `${JSON.stringify(file, null, 2)}\n`, 0o600);
}

/** Removes temporary files that a killed writer left next to the file. Only call it while holding the lock. */
export function removeDrafts(path: string): void {
  const start = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(start) && /^[0-9a-f]{8}\.tmp$/.test(name.slice(start.length))) {
      rmSync(join(dirname(path), name), { force: true });
    }
  }
}

/** Creates the file's folder if needed, readable only by its owner. A UsageError says why it can't. */
export function prepareFolder(path: string): void {
  const folder = dirname(path);
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  } catch (problem) {
    if (codeOf(problem) !== 'EEXIST') throw cannotSave(path, problem);
  }
}

/** The error for a path that can't be written. */
export function cannotSave(path: string, problem: unknown): UsageError {
  return new UsageError(
    `Progress can’t be saved in ${path} (${codeOf(problem)}). Use --state FILE to name another file.`,
  );
}

const codeOf = (problem: unknown): string =>
  problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown error';
