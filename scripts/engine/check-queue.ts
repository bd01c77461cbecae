/** The checks that are still to be judged, and which of them is next. */
import type { Group } from '../../suites/judging.js';

/** More checks at a time that drive pages would wait for this machine, not for the server. */
const MOST_WITH_PAGES = 4;
/** Milliseconds. A check with a longer deadline sends many requests, one after the other. */
const LONG = 30_000;

export class CheckQueue {
  readonly #rest: Group[];
  /** Running checks that drive pages. */
  #pages = 0;

  /** @param fewest checks at a time: so many may all drive pages */
  constructor(
    groups: readonly Group[],
    private readonly fewest: number,
  ) {
    this.#rest = [...groups];
  }

  /**
   * @param isFurther whether more checks than usual are judged at a time: then those that take long begin early, or
   *   the others wait for them at the end, and there is a limit to pages
   * @returns null if there is nothing to begin now
   */
  take(isFurther: boolean): Group | null {
    const next = this.#next(isFurther);
    if (next === undefined) return null;
    this.#rest.splice(this.#rest.indexOf(next), 1);
    if (drivesPages(next)) this.#pages += 1;
    return next;
  }

  /** A check that was taken has ended. */
  ended(group: Group): void {
    if (drivesPages(group)) this.#pages -= 1;
  }

  /** @returns whether one more check at a time than usual would find something to begin */
  hasMore(): boolean {
    return this.#next(true) !== undefined;
  }

  #next(isFurther: boolean): Group | undefined {
    if (!isFurther) return this.#rest[0];
    const most = Math.max(this.fewest, MOST_WITH_PAGES);
    const possible = this.#rest.filter((group) => !drivesPages(group) || this.#pages < most);
    return possible.find(takesLong) ?? possible[0];
  }
}

function drivesPages({ entries }: Group): boolean {
  return entries.some(
    ({ requirement: { byBrowser, needs } }) =>
      byBrowser === true || needs.includes('page') || needs.includes('client-settings'),
  );
}

function takesLong({ entries }: Group): boolean {
  return entries.some(({ requirement: { deadline = 0 } }) => deadline > LONG);
}
