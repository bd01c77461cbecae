/** Quoting for each command language, so that every string reaches the server unchanged. */
import { formatShellWord, singleQuote } from '../../../fixtures/output/shell-word.js';
import { hasVariable, type Piece, type Pieces, plain } from './pieces.js';

/** @returns one word for a POSIX shell */
export function forSh(pieces: Pieces): string {
  const words = joined(pieces).map((piece) =>
    piece.kind === 'variable' ? { name: piece.name } : plain([piece]),
  );
  return formatShellWord(words, singleQuote);
}

/** Joins adjacent pieces that aren't variables. */
function joined(pieces: Pieces): Pieces {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    const belongs = last !== undefined && last.kind !== 'variable' && piece.kind !== 'variable';
    if (belongs) found.splice(-1, 1, { kind: 'text', text: plain([last, piece]) });
    else found.push(piece);
  }
  return found;
}

/** PowerShell treats typographic quotes as quotes. */
const SINGLE_QUOTES = /['‘’‚‛]/g;
const READ_BY_POWERSHELL = /["“”„`$]/g;

/** @returns an expression for PowerShell; variables are those of the environment */
export function forPowerShell(pieces: Pieces): string {
  if (!hasVariable(pieces)) return `'${plain(pieces).replace(SINGLE_QUOTES, '$&$&')}'`;
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'variable') return `$env:${only.name}`;
  const inside = pieces.map((piece) =>
    piece.kind === 'variable'
      ? `\${env:${piece.name}}`
      : plain([piece]).replace(READ_BY_POWERSHELL, (quote) => `\`${quote}`),
  );
  return `"${inside.join('')}"`;
}

/** @returns an expression for JavaScript in Node; variables are those of the environment */
export function forNode(pieces: Pieces): string {
  if (!hasVariable(pieces)) return `'${escapedNode(plain(pieces)).replaceAll("'", "\\'")}'`;
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'variable') return `process.env.${only.name}`;
  return `\`${insideTemplate(pieces)}\``;
}

/** @returns the inside of a template literal */
export const insideTemplate = (pieces: Pieces): string =>
  pieces
    .map((piece) =>
      piece.kind === 'variable'
        ? `\${process.env.${piece.name}}`
        : escapedNode(plain([piece]))
            .replaceAll('`', '\\`')
            .replaceAll('${', '\\${'),
    )
    .join('');

const escapedNode = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

/** @returns a key of an object literal, quoted unless it is a plain name */
export const key = (name: string, quote: (pieces: Pieces) => string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? name : quote([{ kind: 'text', text: name }]);
