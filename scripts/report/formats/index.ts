/** Every format of a report: pure functions of the one Report. */
import { renderJson } from '../files.js';
import type { Report } from '../report.js';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';

export const FORMATS = ['json', 'junit', 'html', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** @returns the text of the file */
export function formatReport(format: Format, report: Report): string {
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'junit':
      return renderJunit(report);
    case 'html':
      return renderHtml(report);
    case 'markdown':
      return renderMarkdown(report);
  }
}
