/** Two values one below the other, with a mark under the character at which they part. */
import { plain } from '../../../scripts/report/terminal/text.js';
import { firstDifference } from '../../lessons/compare.js';
import type { Comparison } from '../../watcher/feedback.js';
import { type Ink, paragraph } from './ink.js';

const EXPECTED = '   expected  ';
const SENT = '   you sent  ';

/** @returns the lines; values too long for the width are shown around their difference */
export function comparisonLines({ expected, sent, difference }: Comparison, ink: Ink): readonly string[] {
  const [one, other] = [oneLine(expected), oneLine(sent)];
  const at = firstDifference(one, other);
  const room = Math.max(12, ink.width - EXPECTED.length);
  const start = Math.max(one.length, other.length) <= room ? 0 : Math.max(0, at - Math.floor(room / 2));
  const column = SENT.length + at - start + (start > 0 ? 1 : 0);
  const note = ink.isPlain ? `The difference: ${difference}` : `↑ ${difference}`;
  const fits = !ink.isPlain && column + note.length <= ink.width;
  return [
    `${EXPECTED}${cut(one, start, room)}`,
    `${SENT}${ink.paint.red(cut(other, start, room))}`,
    ...(fits
      ? [`${' '.repeat(column)}${ink.paint.yellow(note)}`]
      : [
          ...(ink.isPlain ? [] : [`${' '.repeat(column)}${ink.paint.yellow('↑')}`]),
          ...paragraph(ink.isPlain ? note : difference, ink, 3),
        ]),
  ];
}

function cut(text: string, start: number, room: number): string {
  if (start === 0 && text.length <= room) return text;
  const before = start > 0 ? '…' : '';
  const rest = text.slice(start);
  const space = room - before.length;
  return rest.length <= space ? `${before}${rest}` : `${before}${rest.slice(0, space - 1)}…`;
}

/** Line ends are shown as signs, so that both stay one line. */
const oneLine = (text: string): string => plain(text).replaceAll('\n', '\\n');
