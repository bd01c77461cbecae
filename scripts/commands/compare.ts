/** `compare`: what a server does worse, and better, than in an earlier report. */

import {
  createPalette,
  escapeControls,
  type Palette,
  wrapText,
} from '../../fixtures/output/terminal-text.js';
import { type Change, compareReports } from '../report/compare.js';
import { readReport } from '../report/files.js';
import type { Screen } from '../screen.js';

export interface CompareOptions {
  readonly old: string;
  readonly new: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** @returns 1 when something is newly failing or no longer judged, else 0 */
export function compare(options: CompareOptions, screen: Screen): 0 | 1 {
  const comparison = compareReports(readReport(options.old), readReport(options.new));
  const { newlyFailing, fixed, newlyUnjudged, other, otherCatalog } = comparison;
  const worse = newlyFailing.length + newlyUnjudged.length > 0;
  if (options.json) {
    screen.print(`${JSON.stringify({ ...comparison, exit: worse ? 1 : 0 }, null, 2)}\n`);
    return worse ? 1 : 0;
  }
  const paint = createPalette(options.color && screen.colors);
  const width = Math.min(100, screen.width);
  const lines = [
    ...(otherCatalog
      ? ['The reports were made with different catalogs, so the rules may have changed too.', '']
      : []),
    ...formatSection(paint.red('Newly failing'), newlyFailing, width, paint),
    ...formatSection(paint.yellow('No longer judged'), newlyUnjudged, width, paint),
    ...formatSection(paint.green('Fixed'), fixed, width, paint),
    ...formatSection('Other changes', other, width, paint),
    [
      `${newlyFailing.length} newly failing`,
      `${newlyUnjudged.length} no longer judged`,
      `${fixed.length} fixed`,
      `${other.length} other changes`,
    ].join(', '),
  ];
  screen.print(`${lines.join('\n')}\n`);
  return worse ? 1 : 0;
}

function formatSection(
  title: string,
  changes: readonly Change[],
  width: number,
  paint: Palette,
): readonly string[] {
  if (changes.length === 0) return [];
  return [
    title,
    ...changes.flatMap(({ id, before, after, message }) => [
      `  ${paint.bold(id)} ${paint.dim(`${before ?? 'missing'} → ${after ?? 'missing'}`)}`,
      ...(message === '' ? [] : wrapText(escapeControls(message), width - 4).map((line) => `    ${line}`)),
    ]),
    '',
  ];
}
