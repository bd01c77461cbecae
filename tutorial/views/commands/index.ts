/** The languages in which both views write a recipe. */
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import { addressOf } from './address.js';
import { curlOf } from './curl.js';
import { fetchOf } from './fetch.js';
import { httpOf } from './http.js';
import type { Mode } from './pieces.js';
import { powerShellOf } from './powershell.js';

export { addressOf, curlOf, fetchOf, httpOf, type Mode, powerShellOf };

export interface Language {
  readonly id: 'curl' | 'powershell' | 'fetch' | 'http';
  readonly title: string;
  readonly write: (recipe: Recipe, values: Values, mode: Mode) => string;
}

/** In display order. */
export const languages: readonly Language[] = [
  { id: 'curl', title: 'curl', write: curlOf },
  { id: 'powershell', title: 'PowerShell', write: powerShellOf },
  { id: 'fetch', title: 'Node fetch', write: fetchOf },
  { id: 'http', title: 'HTTP', write: httpOf },
];
