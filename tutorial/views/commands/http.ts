/** A recipe as a raw HTTP request, for reading and for other clients. */
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import { basicPieces, formPieces, jsonPieces, type Mode, piecesOf, plain, urlPieces } from './pieces.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** @returns request line, headers and body; secrets are blanks `<NAME>`, because HTTP has no variables */
export function httpOf(recipe: Recipe, values: Values, mode: Mode): string {
  const writing = { values, mode };
  const { method, headers = {}, form, json, basic, browser } = recipe;
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const implied = json !== undefined ? JSON_TYPE : form !== undefined ? FORM_TYPE : null;
  const lines = [
    ...Object.entries(headers).map(([name, value]) => `${name}: ${plain(piecesOf(value, writing))}`),
    ...(basic === undefined ? [] : [`Authorization: Basic base64(${plain(basicPieces(basic, writing))})`]),
    ...(implied === null || names.includes('content-type') ? [] : [`Content-Type: ${implied}`]),
  ];
  const body = json === undefined ? formPieces(form ?? {}, writing) : jsonPieces(json, writing);
  return [
    ...(browser === undefined ? [] : [`# A browser sends this. ${browser}`]),
    ...requestLine(method, plain(urlPieces(recipe, writing))),
    ...lines,
    ...(body.length === 0 ? [] : ['', plain(body)]),
  ].join('\n');
}

/** The URL in two parts, as HTTP/1.1 sends it (RFC 9112 §3.2.1), or in one if its host isn't filled in. */
function requestLine(method: string, url: string): readonly string[] {
  const [, host, path = ''] = /^https?:\/\/([^/?<]+)(.*)$/.exec(url) ?? [];
  if (host === undefined) return [`${method} ${url} HTTP/1.1`];
  return [`${method} ${path.startsWith('/') ? path : `/${path}`} HTTP/1.1`, `Host: ${host}`];
}
