/** Reads the sandbox's configuration: a file, and the flags that change it. */
import { readFileSync } from 'node:fs';
import { OverLimit, UsageError } from '../fixtures/errors.js';
import { parseJson } from '../fixtures/parse-json.js';
import { checkConfiguration, InvalidInput, type SandboxConfiguration } from '../fixtures/sandbox/index.js';
import { mergeFlags, type SandboxFlags } from './sandbox-flags.js';

/**
 * @param file path of a configuration file; undefined for none
 * @throws UsageError that says in one sentence what is wrong
 */
export function readConfiguration(file: string | undefined, flags: SandboxFlags): SandboxConfiguration {
  try {
    const fromFile = file === undefined ? {} : checkConfiguration(readJson(file));
    return checkConfiguration(mergeFlags(fromFile, flags));
  } catch (problem) {
    if (problem instanceof InvalidInput)
      throw new UsageError(`${file ?? 'The configuration'}: ${problem.message}`);
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
    throw new UsageError(
      code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read (${code}).`,
    );
  }
}
