/** The report for people at a terminal: what is wrong first, the verdict last, where the eye ends up. */

import { createPalette } from '../../../fixtures/output/terminal-text.js';
import type { Report } from '../report.js';
import { formatFailures, formatFailuresBriefly, formatUnjudged, knownLines, type View } from './findings.js';
import { formatSummary, formatVerdict } from './summary.js';

export interface TerminalOptions {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  /** Only one line for each failure, including known ones, and the verdict. */
  readonly quiet: boolean;
  /** Where the full report was written; null if it wasn't. */
  readonly savedAs: string | null;
}

/** @returns the text to print, ending with a line break */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const paint = createPalette(options.color);
  const width = Math.max(40, Math.min(100, options.width));
  const view: View = { width, paint };
  const lines = options.quiet
    ? [...formatFailuresBriefly(report, view), ...formatVerdict(report, width, paint)]
    : [
        ...formatFailures(report, view),
        ...formatUnjudged(report, view),
        ...knownLines(report, view),
        ...formatSummary(report, width, paint),
        ...(options.savedAs === null
          ? []
          : [paint.dim(`Every exchange, without secrets: ${options.savedAs}`)]),
      ];
  return `${lines.join('\n')}\n`;
}
