/** Reads the sandbox's configuration: a file, and the flags that change it. */
import { readFileSync } from 'node:fs';
import { OverLimit, UsageError } from '../fixtures/errors.js';
import { parseJson } from '../fixtures/parse-json.js';
import { checkConfiguration, InvalidInput, type SandboxConfiguration } from '../fixtures/sandbox/index.js';
import { mergeFlags, nameFlag, type SandboxFlags } from './sandbox-flags.js';

/**
 * @param file path of a configuration file; undefined for none
 * @throws UsageError that says in one sentence what is wrong
 */
export function readConfiguration(file: string | undefined, flags: SandboxFlags): SandboxConfiguration {
  const fromFile = file === undefined ? {} : check(readJson(file), (sentence) => `${file}: ${sentence}`);
  return check(mergeFlags(fromFile, flags), nameFlag);
}

/** @param name turns a sentence about a member into one that says where the member comes from */
function check(value: unknown, name: (sentence: string) => string): SandboxConfiguration {
  try {
    return checkConfiguration(value);
  } catch (problem) {
    if (problem instanceof InvalidInput) throw new UsageError(name(problem.message));
    throw problem;
  }
}

function readJson(file: string): unknown {
  const text = readText(file);
  try {
    const value: unknown = parseJson(text);
    return value;
  } catch (problem) {
    if (problem instanceof OverLimit)
      throw new UsageError(`${file} can't be read, because ${problem.message}.`);
    throw new UsageError(`${file} is not valid JSON.`);
  }
}

/** @throws UsageError if the file can't be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') throw new UsageError(`There is no file ${file}.`);
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder, not a file.`);
    if (code === 'EACCES') throw new UsageError(`${file} can't be read: permission denied.`);
    throw new UsageError(`${file} can't be read (${code}).`);
  }
}
