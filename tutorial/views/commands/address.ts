/** The URL of a recipe, for a browser to open. */
import type { Recipe } from '../../lessons/recipe.js';
import type { Values } from '../../lessons/values.js';
import { hasVariable, type Mode, plain, urlPieces } from './pieces.js';

/** @returns the URL with its query; null if a shell has to fill in a secret first */
export function addressOf(recipe: Recipe, values: Values, mode: Mode): string | null {
  const url = urlPieces(recipe, { values, mode });
  return hasVariable(url) ? null : plain(url);
}
