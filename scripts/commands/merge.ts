/** `merge`: the reports of shards become one, with one verdict and the exit code of the whole run. */
import { entries } from '../../suites/catalogue.js';
import { expected } from '../baseline/expected.js';
import { readBaseline } from '../baseline/file.js';
import { readReport, reportJson, writeWhole } from '../report/files.js';
import { formatted } from '../report/formats/index.js';
import { mergeReports } from '../report/merge.js';
import { reportFile } from '../report/report-file.js';
import { terminalText } from '../report/terminal/index.js';
import { validated } from '../report/validate.js';
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
  const files = options.files.map(reportFile);
  const order = entries().map(({ requirement }) => requirement.id);
  const { baseline: path, strict, allowIncomplete } = options;
  const option = path === undefined ? null : { path, baseline: readBaseline(path), update: false };
  const report = validated(
    mergeReports(options.reports.map(readReport), order, { strict, allowIncomplete }, (results) =>
      expected(results, option, true),
    ),
  );
  for (const { format, path } of files) writeWhole(path, formatted(format, report));
  if (options.json) {
    screen.print(reportJson(report));
    return report.exit.code;
  }
  screen.print(
    terminalText(report, {
      width: screen.width,
      color: options.color && screen.colors,
      quiet: false,
      savedAs: files.find(({ format }) => format === 'json')?.path ?? null,
    }),
  );
  return report.exit.code;
}
