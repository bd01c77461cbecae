/** Reading and writing a baseline file. */
import { existsSync, readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { type FindErrors, loadCompiledSchema } from '../../fixtures/compiled-schema.js';
import { UsageError } from '../../fixtures/errors.js';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { parseJson } from '../../fixtures/parse-json.js';
import type { Baseline } from './baseline.js';

let compiled: FindErrors | undefined;

/**
 * @returns the baseline
 * @throws UsageError that says in one sentence what is wrong with the file
 */
export function readBaseline(path: string): Baseline {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`There is no baseline at ${path}: --update-baseline writes one.`);
  }
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw new UsageError(`${path} isn't valid JSON.`);
  }
  compiled ??= loadCompiledSchema(new URL('./baseline.schema.json', import.meta.url));
  const findErrors = compiled;
  let errors: readonly ErrorObject[] = [];
  const isBaseline = (checked: unknown): checked is Baseline => {
    errors = findErrors(checked);
    return errors.length === 0;
  };
  if (isBaseline(value)) return value;
  const [error] = errors;
  const place = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  throw new UsageError(`${path}: ${place === '' ? 'it' : place} ${error?.message ?? "isn't a baseline"}.`);
}

/** @returns an empty baseline if there is no file yet */
export function readBaselineIfAny(path: string): Baseline {
  return existsSync(path) ? readBaseline(path) : { entries: [] };
}

export function writeBaseline(path: string, baseline: Baseline): void {
  writeAtomically(path, `${JSON.stringify(baseline, null, 2)}\n`);
}
