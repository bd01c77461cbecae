/** What a run, or a merge of shards, makes of its baseline. */
import { listEntries } from '../../suites/catalog.js';
import type { Result } from '../../suites/result.js';
import type { BaselineOption } from '../run/options.js';
import { type Applied, applyBaseline, updateBaseline } from './baseline.js';
import { writeBaseline } from './file.js';

/**
 * @param option null: nothing is expected
 * @param whole whether everything that was selected was judged; half a run updates nothing
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
