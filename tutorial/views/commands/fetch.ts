/** A recipe as a module for Node, with its own `fetch`. */
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import {
  basicPieces,
  hasVariable,
  type Mode,
  type Pieces,
  piecesOf,
  plain,
  urlPieces,
  type Writing,
} from './pieces.js';
import { forNode, insideTemplate, key } from './quote.js';

/** @returns an ES module; or, if it is for a browser, a comment and the URL to open */
export function fetchOf(recipe: Recipe, values: Values, mode: Mode): string {
  const writing = { values, mode };
  if (recipe.browser !== undefined) {
    const url = urlPieces(recipe, writing);
    return `// Open this in a browser. ${recipe.browser}\n${hasVariable(url) ? `console.log(${forNode(url)});` : plain(url)}`;
  }
  const options = optionsOf(recipe, writing);
  const more = options.length === 0 ? '' : `, {\n${options.map((line) => `  ${line},\n`).join('')}}`;
  return `const response = await fetch(${addressOf(recipe, writing)}${more});
console.log(response.status, await response.text());`;
}

function addressOf({ url, query = {} }: Recipe, writing: Writing): string {
  if (Object.keys(query).length === 0) return forNode(piecesOf(url, writing));
  const base = insideTemplate(piecesOf(url, writing));
  return `\`${base}${url.includes('?') ? '&' : '?'}\${${tableOf(query, writing, '')}}\``;
}

function optionsOf({ method, headers = {}, form, json, basic }: Recipe, writing: Writing): readonly string[] {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const lines = [
    ...Object.entries(headers).map(([name, value]) => lineOf(name, piecesOf(value, writing))),
    ...(json === undefined || names.includes('content-type') ? [] : [`'content-type': 'application/json'`]),
    ...(basic === undefined
      ? []
      : [`authorization: \`Basic \${btoa(${forNode(basicPieces(basic, writing))})}\``]),
  ];
  return [
    ...(method === 'GET' ? [] : [`method: '${method}'`]),
    ...(lines.length === 0 ? [] : [`headers: { ${lines.join(', ')} }`]),
    ...(form === undefined ? [] : [`body: ${tableOf(form, writing, '  ')}`]),
    ...(json === undefined ? [] : [`body: JSON.stringify({\n${membersOf(json, writing)}  })`]),
  ];
}

/** A form or a query: URLSearchParams encodes it, and sets the content type of a body. */
const tableOf = (fields: Readonly<Record<string, string>>, writing: Writing, indent: string): string =>
  `new URLSearchParams({\n${Object.entries(fields)
    .map(([name, value]) => `${indent}  ${lineOf(name, piecesOf(value, writing))},\n`)
    .join('')}${indent}})`;

function membersOf(json: NonNullable<Recipe['json']>, writing: Writing): string {
  const written = (value: string) => forNode(piecesOf(value, writing));
  return Object.entries(json)
    .map(([name, value]) => {
      const right = typeof value === 'string' ? written(value) : `[${value.map(written).join(', ')}]`;
      return `    ${key(name, forNode)}: ${right},\n`;
    })
    .join('');
}

const lineOf = (name: string, value: Pieces): string => `${key(name, forNode)}: ${forNode(value)}`;
