/** Reading and writing a baseline file. */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { UsageError } from '../../fixtures/errors.js';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { parseJson } from '../../fixtures/parse-json.js';
import { readSchema } from '../../fixtures/read-schema.js';
import type { Baseline } from './baseline.js';

let compiled: ValidateFunction<Baseline> | undefined;

function compileSchema(): ValidateFunction<Baseline> {
  const schema = readSchema(new URL('./baseline.schema.json', import.meta.url));
  return new Ajv2020({ strict: true, formats: fullFormats }).compile<Baseline>(schema);
}

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
    throw new UsageError(`${path} isn’t valid JSON.`);
  }
  compiled ??= compileSchema();
  const validate = compiled;
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  const place = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  throw new UsageError(`${path}: ${place === '' ? 'it' : place} ${error?.message ?? 'isn’t a baseline'}.`);
}

/** @returns an empty baseline if there is no file yet */
export function readBaselineIfAny(path: string): Baseline {
  return existsSync(path) ? readBaseline(path) : { entries: [] };
}

export function writeBaseline(path: string, baseline: Baseline): void {
  writeAtomically(path, `${JSON.stringify(baseline, null, 2)}\n`);
}
