/** Validates every report against its schema before anybody sees it. */
import { type FindErrors, loadCompiledSchema } from '../../fixtures/compiled-schema.js';
import type { Report } from './report.js';

let findErrors: FindErrors | undefined;

/** @returns what is wrong with a value that should be a report: nothing for a valid one */
export function findReportViolations(value: unknown): readonly string[] {
  findErrors ??= loadCompiledSchema(new URL('./report.schema.json', import.meta.url));
  return findErrors(value).map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`);
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
