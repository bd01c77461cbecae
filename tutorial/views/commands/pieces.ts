/** A recipe's texts, taken apart into what is written as it stands and what only the learner's shell may know. */
import type { Recipe } from '../../lessons/recipe.js';
import { type Name, namesIn, SECRET_NAMES, type Values } from '../../lessons/values.js';

/** With what is known filled in, secrets as variables; or with a gap `<NAME>` for each value. */
export type Mode = 'filled' | 'unfilled';

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** A secret: a variable of the shell, in which `tutorial env` puts it. */
  | { readonly kind: 'variable'; readonly name: Name }
  /** To be filled in by hand. */
  | { readonly kind: 'gap'; readonly name: Name };

export type Pieces = readonly Piece[];

/** What the values are, and how much of them is to be told. */
export interface Writing {
  readonly values: Values;
  readonly mode: Mode;
}

/** @returns a text of a recipe in pieces; a secret is never among the texts */
export function piecesOf(text: string, writing: Writing): Pieces {
  return text.split(/(\{[A-Z_]+\})/).flatMap((part): Pieces => {
    const [name] = namesIn(part);
    if (name !== undefined) return [pieceOf(name, writing)];
    return part === '' ? [] : [{ kind: 'text', text: part }];
  });
}

function pieceOf(name: Name, { values, mode }: Writing): Piece {
  if (mode === 'unfilled') return { kind: 'gap', name };
  if (SECRET_NAMES.has(name)) return { kind: 'variable', name };
  const value = values[name];
  return value === undefined ? { kind: 'gap', name } : { kind: 'text', text: value };
}

/** @returns the pieces, their texts as `encode` writes them */
export const encoded = (pieces: Pieces, encode: (text: string) => string): Pieces =>
  pieces.map((piece) => (piece.kind === 'text' ? { kind: 'text', text: encode(piece.text) } : piece));

export const text = (written: string): Piece => ({ kind: 'text', text: written });

export const hasVariable = (pieces: Pieces): boolean => pieces.some(({ kind }) => kind === 'variable');

/** @returns all of it as one text, for where there are no variables: they are gaps too */
export const plain = (pieces: Pieces): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.name}>`)).join('');

/** An apostrophe too, so that an address can be pasted between quotes. */
const percentEncoded = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27');

/** @returns name=value pairs of a form or query (application/x-www-form-urlencoded) */
export function formPieces(fields: Readonly<Record<string, string>>, writing: Writing): Pieces {
  return Object.entries(fields).flatMap(([name, value], index) => [
    text(`${index === 0 ? '' : '&'}${percentEncoded(name)}=`),
    ...encoded(piecesOf(value, writing), percentEncoded),
  ]);
}

/** @returns the URL with its query */
export function urlPieces({ url, query = {} }: Recipe, writing: Writing): Pieces {
  const base = piecesOf(url, writing);
  if (Object.keys(query).length === 0) return base;
  return [...base, text(url.includes('?') ? '&' : '?'), ...formPieces(query, writing)];
}

/** @returns the JSON of a recipe; values are escaped as JSON wants it */
export function jsonPieces(json: NonNullable<Recipe['json']>, writing: Writing): Pieces {
  return piecesOf(JSON.stringify(json, null, 2), { ...writing, values: escapedValues(writing) });
}

const escapedValues = ({ values }: Writing): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)]),
  );

/** @returns `id:secret` of HTTP Basic, each encoded as a form field (RFC 6749 §2.3.1) */
export function basicPieces([id, secret]: readonly [string, string], writing: Writing): Pieces {
  const part = (one: string) => encoded(piecesOf(one, writing), percentEncoded);
  return [...part(id), text(':'), ...part(secret)];
}
