/** Validates every report against its schema before anybody sees it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readSchema } from '../../fixtures/read-schema.js';
import type { Report } from './report.js';

let compiled: ValidateFunction | undefined;

function compileSchema(): ValidateFunction {
  if (compiled === undefined) {
    const schema = readSchema(new URL('./report.schema.json', import.meta.url));
    // Unions of a type and null are how the schema says "or nothing".
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
    formats.default(ajv);
    compiled = ajv.compile(schema);
  }
  return compiled;
}

/** @returns what is wrong with a value that should be a report: nothing for a valid one */
export function findReportViolations(value: unknown): readonly string[] {
  const validate = compileSchema();
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`,
  );
}

/** @returns whether a value from a file is a report that this version understands */
export function isReport(value: unknown): value is Report {
  return findReportViolations(value).length === 0;
}

/** @returns the report itself; throws if it doesn't match the schema, which is our own fault */
export function assertValidReport(report: Report): Report {
  const violations = findReportViolations(report);
  if (violations.length > 0) {
    throw new Error(`the report does not fit its own schema: ${violations.slice(0, 3).join('; ')}`);
  }
  return report;
}
