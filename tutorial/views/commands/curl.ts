/** A recipe as a curl command for a POSIX shell. */
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
import { forSh } from './quote.js';

/**
 * @param mode `filled`: secrets are `"$NAME"`, other known values are filled in; `unfilled`: `<NAME>` for each value
 * @returns the command; or, if it is for a browser, a comment and the URL to open
 */
export function curlOf(recipe: Recipe, values: Values, mode: Mode): string {
  const writing = { values, mode };
  if (recipe.browser !== undefined) return addressOf(recipe, recipe.browser, writing);
  const [first, ...rest] = optionsOf(recipe, writing);
  return [`curl -i ${first}`, ...rest].join(' \\\n  ');
}

/** The URL comes first, on the same line as the command. */
function optionsOf(recipe: Recipe, writing: Writing): readonly [string, ...string[]] {
  const { method, headers = {}, form = {}, json, basic, query = {} } = recipe;
  const fields = Object.entries(form);
  const hasBody = fields.length > 0 || json !== undefined;
  // With -G, curl encodes the query itself.
  const asData = method === 'GET' && !hasBody && Object.keys(query).length > 0;
  const url = asData ? piecesOf(recipe.url, writing) : urlPieces(recipe, writing);
  const implied = hasBody ? 'POST' : 'GET';
  return [
    `${method === implied ? '' : `-X ${method} `}${asData ? '-G ' : ''}${forSh(url)}`,
    ...(basic === undefined ? [] : [`--user ${forSh(basicPieces(basic, writing))}`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${forSh(headerPieces(name, value, writing))}`),
    ...(json === undefined || 'content-type' in lowered(headers)
      ? []
      : [`-H ${forSh([text('Content-Type: application/json')])}`]),
    ...(json === undefined ? [] : [`-d ${forSh(jsonPieces(json, writing))}`]),
    ...[...(asData ? Object.entries(query) : []), ...fields].map(
      ([name, value]) => `--data-urlencode ${forSh(fieldPieces(name, value, writing))}`,
    ),
  ];
}

/** curl encodes only what follows the first `=`. */
const fieldPieces = (name: string, value: string, writing: Writing): Pieces => [
  text(`${encodeURIComponent(name)}=`),
  ...piecesOf(value, writing),
];

/** For curl, a header with no value means “don't send it”; with a semicolon it is sent empty. */
const headerPieces = (name: string, value: string, writing: Writing): Pieces =>
  value === '' ? [text(`${name};`)] : [text(`${name}: `), ...piecesOf(value, writing)];

const lowered = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** A shell has to fill in secrets before a browser can open the URL. */
function addressOf(recipe: Recipe, what: string, writing: Writing): string {
  const url = urlPieces(recipe, writing);
  const address = hasVariable(url) ? `printf '%s\\n' ${forSh(url)}` : plain(url);
  return `# Open this in a browser. ${what}\n${address}`;
}
