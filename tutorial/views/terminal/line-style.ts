/** How lines are written: colors, width, and signs or words as marks. */
import { type Palette, wrapText } from '../../../fixtures/output/terminal-text.js';

export interface LineStyle {
  readonly paint: Palette;
  /** Columns that a line may take; URLs and commands are never folded. */
  readonly width: number;
  /** Words instead of signs. */
  readonly isPlain: boolean;
}

/** Longer lines are hard to read, even in a wide terminal. */
const WIDEST = 100;
const NARROWEST = 20;

/** @returns the style for a terminal with this many columns */
export function lineStyleFor(paint: Palette, columns: number, isPlain: boolean): LineStyle {
  return { paint, width: Math.max(NARROWEST, Math.min(WIDEST, columns)), isPlain };
}

/** @returns the text folded and indented */
export function paragraph(text: string, { width }: LineStyle, indent = 1): readonly string[] {
  return hanging(' '.repeat(indent), text, width);
}

/** @returns the text folded, with a prefix before its first line and as many spaces before the others */
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
  seen: 'received:',
};

/** @returns the text after a mark, folded; only the mark is colored */
export function marked(mark: Mark, text: string, style: LineStyle): readonly string[] {
  const sign = style.isPlain ? WORDS[mark] : SIGNS[mark];
  const lines = hanging(` ${sign} `, text, style.width);
  return lines.map((line, index) => (index === 0 ? line.replace(sign, colorOf(mark, style)(sign)) : line));
}

function colorOf(mark: Mark, { paint }: LineStyle): (text: string) => string {
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
