/** Two values, one below the other, with a mark under the first character that differs. */
import { escapeControls } from '../../../fixtures/output/terminal-text.js';
import { firstDifference } from '../../lessons/compare.js';
import type { Comparison } from '../../watcher/feedback.js';
import { type LineStyle, paragraph } from './line-style.js';

const EXPECTED = '   expected  ';
const SENT = '   you sent  ';

/** @returns the lines; long values are cut to the part around the difference */
export function comparisonLines(
  { expected, sent, difference }: Comparison,
  style: LineStyle,
): readonly string[] {
  const [one, other] = [oneLine(expected), oneLine(sent)];
  const at = firstDifference(one, other);
  const room = Math.max(12, style.width - EXPECTED.length);
  const start = Math.max(one.length, other.length) <= room ? 0 : Math.max(0, at - Math.floor(room / 2));
  const column = SENT.length + at - start + (start > 0 ? 1 : 0);
  const shown = cut(other, start, room);
  const same = column - SENT.length;
  return [
    `${EXPECTED}${cut(one, start, room)}`,
    `${SENT}${shown.slice(0, same)}${style.paint.red(shown.slice(same))}`,
    ...noteLines(difference, column, style),
  ];
}

/** An arrow to the difference and a description: to the right of the arrow, to its left, or on its own line. */
function noteLines(difference: string, column: number, style: LineStyle): readonly string[] {
  const { paint, width, isPlain } = style;
  if (isPlain) return paragraph(`Difference: ${difference}`, style, 3);
  if (column + 2 + difference.length <= width) {
    return [`${' '.repeat(column)}${paint.yellow(`↑ ${difference}`)}`];
  }
  if (difference.length + 4 <= column) {
    return [`${' '.repeat(column - difference.length - 1)}${paint.yellow(`${difference} ↑`)}`];
  }
  return [`${' '.repeat(column)}${paint.yellow('↑')}`, ...paragraph(difference, style, 3)];
}

function cut(text: string, start: number, room: number): string {
  if (start === 0 && text.length <= room) return text;
  const before = start > 0 ? '…' : '';
  const rest = text.slice(start);
  const space = room - before.length;
  return rest.length <= space ? `${before}${rest}` : `${before}${rest.slice(0, space - 1)}…`;
}

/** Line ends are shown as \n, so that each value stays on one line. */
const oneLine = (text: string): string => escapeControls(text).replaceAll('\n', '\\n');
