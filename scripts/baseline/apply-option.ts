/** Applies the baseline option to the results of a run or of merged shards. */
import { listEntries } from '../../suites/catalog.js';
import type { Result } from '../../suites/result.js';
import type { BaselineOption } from '../run/options.js';
import { type Applied, applyBaseline, updateBaseline } from './baseline.js';
import { writeBaseline } from './file.js';

/**
 * @param option null: there is no baseline
 * @param whole whether everything selected was judged; half a run updates nothing
 */
export function applyBaselineOption(
  results: readonly Result[],
  option: BaselineOption | null,
  whole: boolean,
): Applied {
  if (option === null) return { results, complaints: [] };
  const today = new Date().toISOString().slice(0, 10);
  const known = new Set(listEntries().map(({ requirement }) => requirement.id));
  if (!option.update || !whole) return applyBaseline(option.baseline, results, known, today);
  const updated = updateBaseline(option.baseline, results, today);
  writeBaseline(option.path, updated);
  return applyBaseline(updated, results, known, today);
}
