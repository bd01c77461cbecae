/** Every format that a report can be written in: pure functions of the one Report. */
import { reportJson } from '../files.js';
import type { Report } from '../report.js';
import { reportHtml } from './html.js';
import { reportJunit } from './junit.js';
import { reportMarkdown } from './markdown.js';

export const FORMATS = ['json', 'junit', 'html', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** @returns the text of the file */
export function formatted(format: Format, report: Report): string {
  switch (format) {
    case 'json':
      return reportJson(report);
    case 'junit':
      return reportJunit(report);
    case 'html':
      return reportHtml(report);
    case 'markdown':
      return reportMarkdown(report);
  }
}
