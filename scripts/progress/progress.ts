/** Progress: what a run shows while it runs. The report comes separately. */
import type { Result } from '../../suites/result.js';

export interface ChapterSize {
  readonly id: string;
  readonly title: string;
  readonly total: number;
}

export interface Progress {
  /** A sentence before anything is judged: what we're waiting for. */
  say(text: string): void;
  begin(chapters: readonly ChapterSize[]): void;
  result(result: Result): void;
  /** No more results will come, whether or not all came. Resolves once the screen is in order. */
  end(): Promise<void>;
}

/** For --quiet. */
export const silentProgress: Progress = {
  say: () => undefined,
  begin: () => undefined,
  result: () => undefined,
  end: async () => undefined,
};

/** How far one chapter is. */
export class Tally {
  done = 0;
  readonly failed: string[] = [];
  unjudged = 0;
  known = 0;

  constructor(readonly size: ChapterSize) {}

  add({ id, status }: Pick<Result, 'id' | 'status'>): void {
    this.done += 1;
    if (status === 'fail' || status === 'warn') this.failed.push(id);
    if (status === 'known') this.known += 1;
    if (status === 'error' || status === 'blocked' || status === 'not-tested') this.unjudged += 1;
  }

  get finished(): boolean {
    return this.done >= this.size.total;
  }

  /** `6/11`, and how many failed. */
  format(): string {
    const parts = [`${this.done}/${this.size.total}`];
    if (this.failed.length > 0) parts.push(`${this.failed.length} failed: ${this.failed.join(', ')}`);
    if (this.known > 0) parts.push(`${this.known} known`);
    if (this.unjudged > 0) parts.push(`${this.unjudged} not judged`);
    return parts.join(', ');
  }
}
