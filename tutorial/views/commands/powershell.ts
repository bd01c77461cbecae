/** A recipe for PowerShell 7. */
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import {
  basicPieces,
  hasVariable,
  jsonPieces,
  type Mode,
  type Pieces,
  piecesOf,
  plain,
  text,
  urlPieces,
  type Writing,
} from './pieces.js';
import { forPowerShell, key } from './quote.js';

/** @returns the command; or, if it is for a browser, a comment and the URL to open */
export function powerShellOf(recipe: Recipe, values: Values, mode: Mode): string {
  const writing = { values, mode };
  const url = urlPieces(recipe, writing);
  if (recipe.browser !== undefined) {
    return `# Open this in a browser. ${recipe.browser}\n${hasVariable(url) ? forPowerShell(url) : plain(url)}`;
  }
  const headers = headersOf(recipe, writing);
  return [
    `Invoke-WebRequest -SkipHttpErrorCheck -Method ${recipe.method} -Uri ${forPowerShell(url)}`,
    headers.length === 0 ? '' : ` -Headers @{\n${headers.map((line) => `  ${line}\n`).join('')}}`,
    bodyOf(recipe, writing),
  ].join('');
}

function headersOf({ headers = {}, basic }: Recipe, writing: Writing): readonly string[] {
  const lines = Object.entries(headers)
    .filter(([name]) => name.toLowerCase() !== 'content-type')
    .map(([name, value]) => lineOf(name, piecesOf(value, writing)));
  if (basic === undefined) return lines;
  const credentials = forPowerShell(basicPieces(basic, writing));
  return [
    ...lines,
    `Authorization = 'Basic ' + [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes(${credentials}))`,
  ];
}

/** PowerShell sends a hashtable as a form. */
function bodyOf({ form, json, headers = {} }: Recipe, writing: Writing): string {
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const type = given ?? (json === undefined ? undefined : 'application/json');
  const typed = type === undefined ? '' : ` -ContentType ${forPowerShell(piecesOf(type, writing))}`;
  if (json !== undefined) return `${typed} -Body ${forPowerShell(jsonPieces(json, writing))}`;
  if (form === undefined) return typed;
  const lines = Object.entries(form).map(([name, value]) => `  ${lineOf(name, piecesOf(value, writing))}\n`);
  return `${typed} -Body ([ordered]@{\n${lines.join('')}})`;
}

const lineOf = (name: string, value: Pieces): string =>
  `${key(name, forPowerShell)} = ${forPowerShell(value.length === 0 ? [text('')] : value)}`;
