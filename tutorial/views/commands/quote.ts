/** Quoting for each command language, so that every string reaches the server unchanged. */
import { hasVariable, type Piece, type Pieces, plain } from './pieces.js';

/** Characters that a POSIX shell, or an interactive one with history, interprets inside double quotes. */
const READ_BY_SH = /["\\$`!]/;

/** @returns one word for a POSIX shell */
export function forSh(pieces: Pieces): string {
  if (!hasVariable(pieces)) return singleSh(plain(pieces));
  const isSimple = pieces.every((piece) => piece.kind !== 'text' || !READ_BY_SH.test(piece.text));
  if (isSimple) return `"${pieces.map((piece, at) => insideSh(piece, pieces[at + 1])).join('')}"`;
  return joined(pieces)
    .map((piece) => (piece.kind === 'variable' ? `"$${piece.name}"` : singleSh(plain([piece]))))
    .join('');
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

/** @returns the text in single quotes, inside which a POSIX shell expands nothing */
export const singleSh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** With braces if the next character would be read as part of the name. */
function insideSh(piece: Piece, next: Piece | undefined): string {
  if (piece.kind !== 'variable') return plain([piece]);
  return next?.kind === 'text' && /^\w/.test(next.text) ? `\${${piece.name}}` : `$${piece.name}`;
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
