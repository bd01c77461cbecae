/** `merge`: the reports of shards become one, with one verdict and the exit code of the whole run. */

import { assertDifferent } from '../../fixtures/output/place.js';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { listEntries } from '../../suites/catalog.js';
import { applyBaselineOption } from '../baseline/apply-option.js';
import { readBaseline } from '../baseline/file.js';
import { readReport, renderJson } from '../report/files.js';
import { formatReport } from '../report/formats/index.js';
import { mergeReports } from '../report/merge.js';
import { parseReportFile } from '../report/report-file.js';
import { renderTerminal } from '../report/terminal/index.js';
import { assertValidReport } from '../report/validate.js';
import type { Screen } from '../screen.js';

export interface MergeOptions {
  readonly reports: readonly string[];
  /** FORMAT=FILE, as for `run`. */
  readonly files: readonly string[];
  /** Path of a baseline. */
  readonly baseline: string | undefined;
  readonly strict: boolean;
  readonly allowIncomplete: boolean;
  readonly json: boolean;
  readonly color: boolean;
}

/** @returns the exit code of the merged report */
export function merge(options: MergeOptions, screen: Screen): number {
  const files = options.files.map(parseReportFile);
  const order = listEntries().map(({ requirement }) => requirement.id);
  const { baseline: path, strict, allowIncomplete } = options;
  assertDifferent([
    ...options.reports.map((report) => [`The report ${report}`, report] as const),
    ...(path === undefined ? [] : [['--baseline', path] as const]),
    ...files.map((file) => [`--report ${file.format}`, file.path] as const),
  ]);
  const option = path === undefined ? null : { path, baseline: readBaseline(path), update: false };
  const report = assertValidReport(
    mergeReports(options.reports.map(readReport), order, { strict, allowIncomplete }, (results) =>
      applyBaselineOption(results, option, true),
    ),
  );
  for (const { format, path } of files) writeAtomically(path, formatReport(format, report));
  if (options.json) {
    screen.print(renderJson(report));
    return report.exit.code;
  }
  screen.print(
    renderTerminal(report, {
      width: screen.width,
      color: options.color && screen.colors,
      quiet: false,
      savedAs: files.find(({ format }) => format === 'json')?.path ?? null,
    }),
  );
  return report.exit.code;
}
