/** How lines are written: colors, width, and marks that a screen reader can say where the learner wants plain text. */
import { type Palette, wrapText } from '../../../scripts/report/terminal/text.js';

export interface Ink {
  readonly paint: Palette;
  /** Columns that a line may take; addresses and commands stay whole. */
  readonly width: number;
  /** Words instead of signs. */
  readonly isPlain: boolean;
}

/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100;
const NARROWEST = 20;

/** @returns an ink for a terminal with this many columns */
export function inkFor(paint: Palette, columns: number, isPlain: boolean): Ink {
  return { paint, width: Math.max(NARROWEST, Math.min(WIDEST, columns)), isPlain };
}

/** @returns the text folded, each line after so many spaces */
export function paragraph(text: string, { width }: Ink, indent = 1): readonly string[] {
  return hanging(' '.repeat(indent), text, width);
}

/** @returns the text folded, with something before its first line and as many spaces before the others */
export function hanging(start: string, text: string, width: number): readonly string[] {
  const margin = ' '.repeat(start.length);
  return wrapText(text, Math.max(NARROWEST, width - start.length)).map((line, index) =>
    index === 0 ? `${start}${line}` : `${margin}${line}`,
  );
}

export type Mark = 'reached' | 'wrong' | 'open' | 'seen';

const SIGNS: Readonly<Record<Mark, string>> = { reached: '✓', wrong: '✗', open: '○', seen: '·' };
const WORDS: Readonly<Record<Mark, string>> = {
  reached: 'done:',
  wrong: 'wrong:',
  open: 'to do:',
  seen: 'seen:',
};

/** @returns the text behind a mark, folded; the mark alone is colored */
export function marked(mark: Mark, text: string, ink: Ink): readonly string[] {
  const sign = ink.isPlain ? WORDS[mark] : SIGNS[mark];
  const lines = hanging(` ${sign} `, text, ink.width);
  return lines.map((line, index) => (index === 0 ? line.replace(sign, colorOf(mark, ink)(sign)) : line));
}

function colorOf(mark: Mark, { paint }: Ink): (text: string) => string {
  switch (mark) {
    case 'reached':
      return paint.green;
    case 'wrong':
      return paint.red;
    case 'open':
      return paint.yellow;
    case 'seen':
      return paint.dim;
  }
}
