/** Splits a recipe's strings into literal text and variables that only the learner's shell knows. */
import type { Recipe } from '../../lessons/recipe.js';
import { type Name, namesIn, SECRET_NAMES, type Values } from '../../lessons/values.js';

/** Known values filled in and secrets as variables; or a blank `<NAME>` for each value. */
export type Mode = 'filled' | 'unfilled';

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  /** A secret: a shell variable, set by the eval line. */
  | { readonly kind: 'variable'; readonly name: Name }
  /** A blank for the learner to fill in. */
  | { readonly kind: 'gap'; readonly name: Name };

export type Pieces = readonly Piece[];

/** The values, and how much of them to show. */
export interface Writing {
  readonly values: Values;
  readonly mode: Mode;
}

/** @returns a recipe's string in pieces; secrets are never in the literal text */
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

/** @returns the pieces with their literal text encoded */
const encoded = (pieces: Pieces, encode: (text: string) => string): Pieces =>
  pieces.map((piece) => (piece.kind === 'text' ? { kind: 'text', text: encode(piece.text) } : piece));

export const text = (written: string): Piece => ({ kind: 'text', text: written });

export const hasVariable = (pieces: Pieces): boolean => pieces.some(({ kind }) => kind === 'variable');

/** @returns everything as one string, with variables as blanks too */
export const plain = (pieces: Pieces): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.name}>`)).join('');

/** Encodes apostrophes too, so that a URL can be pasted between quotes. */
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

/** @returns the JSON of a recipe, with values escaped for JSON */
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
