/** Text for a terminal: folded at a width, free of what a server could smuggle in, colored or not. */
import colors from 'yoctocolors';

type Paint = (text: string) => string;

/** The few colors that the reports use; each is the identity where color is off. */
export interface Palette {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly cyan: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
}

const identity: Paint = (text) => text;

/** @param wanted whether to color at all */
export function createPalette(wanted: boolean): Palette {
  if (!wanted) {
    return {
      red: identity,
      yellow: identity,
      green: identity,
      cyan: identity,
      bold: identity,
      dim: identity,
    };
  }
  const { red, yellow, green, cyan, bold, dim } = colors;
  return { red, yellow, green, cyan, bold, dim };
}

/**
 * What a server sent may hold escape sequences that would rewrite the terminal, or direction marks that
 * would reorder it: such characters are shown as their code.
 */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    if (character === '\n') return character;
    if (character === '\t' || character === '\r') return ' ';
    return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
  });
}

/** @returns at most `limit` characters of the text, with a mark where something is left out */
export function clip(text: string, limit: number): string {
  const characters = [...text];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : text;
}

/**
 * Folds a text at spaces; a word longer than the line is cut, except a URL, which must stay whole to be opened.
 * @param width of each line
 */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ').flatMap((word) => splitWord(word, width))) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

function splitWord(word: string, width: number): readonly string[] {
  if (word.length <= width || /^https?:\/\//.test(word)) return [word];
  const cut: string[] = [];
  for (let start = 0; start < word.length; start += width) cut.push(word.slice(start, start + width));
  return cut;
}

/**
 * A labeled paragraph: the label in a column of its own, the text folded beside it.
 * @param indent columns before the label
 */
export function formatLabeled(label: string, text: string, width: number, indent = 2): readonly string[] {
  const column = 10;
  const margin = ' '.repeat(indent + column);
  return wrapText(text, Math.max(20, width - margin.length)).map((line, index) =>
    index === 0 ? `${' '.repeat(indent)}${label.padEnd(column)}${line}` : `${margin}${line}`,
  );
}
