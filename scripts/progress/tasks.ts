/** Progress in a terminal: one line for each chapter, with its counts (listr2). */
import { Listr } from 'listr2';
import type { Result } from '../../suites/result.js';
import { type ChapterSize, type Progress, Tally } from './progress.js';

interface Row {
  readonly tally: Tally;
  show: () => void;
  settle: () => void;
}

export function createTaskProgress(write: (line: string) => void): Progress {
  const rows = new Map<string, Row>();
  let running: Promise<unknown> = Promise.resolve();
  return {
    say: write,
    begin(chapters: readonly ChapterSize[]) {
      const list = new Listr<object, 'default', 'default'>([], {
        concurrent: true,
        exitOnError: false,
        // The command handles signals itself.
        registerSignalListeners: false,
        renderer: 'default',
        rendererOptions: { formatOutput: 'truncate', showErrorMessage: false, collapseErrors: false },
      });
      for (const size of chapters) list.add(createTask(size, rows));
      // A chapter with failures rejects its task to be marked so; that isn't an error here.
      running = list.run().catch(() => undefined);
    },
    result(result: Result) {
      const row = rows.get(result.chapter);
      if (row === undefined) return;
      row.tally.add(result);
      row.show();
      if (row.tally.finished) row.settle();
    },
    async end() {
      for (const row of rows.values()) row.settle();
      await running;
    },
  };
}

/** The part of listr2's task that this needs. */
interface Shown {
  title: string | undefined;
  skip(message?: string): void;
}

function createTask(size: ChapterSize, rows: Map<string, Row>) {
  const tally = new Tally(size);
  const title = () => `${size.id.padEnd(10)} ${tally.format()}`;
  let task: Shown | null = null;
  let settle: () => void = () => undefined;
  const finished = new Promise<void>((resolve, reject) => {
    settle = () => {
      // The marks are listr2's own: done, failed, skipped.
      if (!tally.finished) task?.skip(title());
      if (tally.failed.length > 0) reject(new Error(title()));
      else resolve();
    };
  });
  // Until listr2 awaits it, nothing else does.
  finished.catch(() => undefined);
  rows.set(size.id, {
    tally,
    show: () => {
      if (task !== null) task.title = title();
    },
    settle: () => settle(),
  });
  return {
    title: title(),
    task: (_context: object, self: Shown) => {
      task = self;
      self.title = title();
      return finished;
    },
  };
}
