/** Progress as plain lines, for logs and pipes: one for each chapter when it's done, and failures at once. */

import { escapeControls } from '../../fixtures/output/terminal-text.js';
import type { Result } from '../../suites/result.js';
import { type ChapterSize, type Progress, Tally } from './progress.js';

/** @param write takes one line with no line break */
export function createLineProgress(write: (line: string) => void): Progress {
  const tallies = new Map<string, Tally>();
  return {
    say: write,
    begin(chapters: readonly ChapterSize[]) {
      for (const size of chapters) tallies.set(size.id, new Tally(size));
    },
    result(result: Result) {
      const tally = tallies.get(result.chapter);
      if (tally === undefined) return;
      tally.add(result);
      if (result.status === 'fail' || result.status === 'warn') {
        write(`${result.status} ${result.id}: ${escapeControls(result.message ?? '')}`);
      }
      if (tally.finished) write(`${tally.size.id} ${tally.format()}`);
    },
    async end() {
      for (const tally of tallies.values()) {
        if (!tally.finished) write(`${tally.size.id} ${tally.format()}`);
      }
    },
  };
}
