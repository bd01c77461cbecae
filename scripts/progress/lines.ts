/** Progress as plain lines, for logs and pipes: one for each chapter when it's done, and failures at once. */

import { escapeControls } from '../../fixtures/output/terminal-text.js';
import type { Result } from '../../suites/result.js';
import { type ChapterSize, type Progress, Tally } from './progress.js';

/** @param write takes one line with no line break */
export function createLineProgress(write: (line: string) => void): Progress {
  const tallies = new Map<string, Tally>();
  /** What the log says of each chapter so far. */
  const written = new Map<string, string>();
  const writeChapter = (tally: Tally) => {
    const line = `${tally.size.id} ${tally.format()}`;
    if (written.get(tally.size.id) === line) return;
    written.set(tally.size.id, line);
    write(line);
  };
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
      if (tally.finished && !written.has(tally.size.id)) writeChapter(tally);
    },
    async end() {
      // Chapters that didn't come to their end, and those with results that changed afterward.
      for (const tally of tallies.values()) writeChapter(tally);
    },
  };
}
