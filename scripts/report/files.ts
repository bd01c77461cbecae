/** Reads and renders report files. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';
import { parseJson } from '../../fixtures/parse-json.js';
import { makeHarmlessJson } from './harmless.js';
import type { Report } from './report.js';
import { isReport } from './validate.js';

/** The last run's report, in the folder that `--out` names. */
export function findLastReport(out: string): string {
  return join(out, 'last.json');
}

/** @returns the report as the text of a JSON file */
export function renderJson(report: Report): string {
  return makeHarmlessJson(`${JSON.stringify(report, null, 2)}\n`);
}

/**
 * @returns the report in the file
 * @throws UsageError that says what is wrong with it
 */
export function readReport(path: string): Report {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`There is no report at ${path}.`);
  }
  const value = readJson(text);
  if (!isReport(value)) throw new UsageError(`${path} is not a report that this version can read.`);
  return value;
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
