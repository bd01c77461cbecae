import { findEntry } from '../../suites/catalog.js';
import { withoutBrowser } from '../../suites/plan.js';
import type { Run } from '../../suites/run-file.js';

/** @returns whether a run may use a browser, and one of its checks needs it */
export function usesBrowser({ browser, ids }: Pick<Run, 'browser' | 'ids'>): boolean {
  if (browser.unavailable !== null) return false;
  return ids.some((id) => {
    const entry = findEntry(id);
    return entry !== undefined && withoutBrowser(entry.requirement, '') !== null;
  });
}
