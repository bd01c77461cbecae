/** Progress: what a run shows while it runs. The report comes separately. */
import type { Result, Status } from '../../suites/result.js';

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

/** How far one chapter is. A requirement may get a second result, if what it needs is only seen later. */
export class Tally {
  readonly #statuses = new Map<string, Status>();

  constructor(readonly size: ChapterSize) {}

  add({ id, status }: Pick<Result, 'id' | 'status'>): void {
    this.#statuses.set(id, status);
  }

  get finished(): boolean {
    return this.#statuses.size >= this.size.total;
  }

  get failed(): readonly string[] {
    return this.#list('fail', 'warn');
  }

  /** `6/11`, and how many failed. */
  format(): string {
    const { failed } = this;
    const known = this.#list('known').length;
    const unjudged = this.#list('error', 'blocked', 'not-tested').length;
    const parts = [`${this.#statuses.size}/${this.size.total}`];
    if (failed.length > 0) parts.push(`${failed.length} failed: ${failed.join(', ')}`);
    if (known > 0) parts.push(`${known} known`);
    if (unjudged > 0) parts.push(`${unjudged} not judged`);
    return parts.join(', ');
  }

  #list(...wanted: readonly Status[]): readonly string[] {
    return [...this.#statuses].flatMap(([id, status]) => (wanted.includes(status) ? [id] : []));
  }
}
