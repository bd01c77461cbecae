/**
 * A result that is blocked by a requirement names it as the one to look at. If that one passed, luck or time was at
 * work, or the step fails in this place alone: the check is judged again at the end. What is still blocked then is
 * blocked by a related requirement that fails, or else an error.
 */
import { findFailingOwner } from '../../suites/related-owners.js';
import type { Result } from '../../suites/result.js';

/** Keeps blocked results until it's known what became of their owners. */
export class BlockedResults<Origin> {
  readonly #statuses: Map<string, Result['status']>;
  readonly #kept = new Map<string, { readonly result: Result; readonly origin: Origin }>();

  /** @param earlier what was found before */
  constructor(earlier: Readonly<Record<string, Result['status']>> = {}) {
    this.#statuses = new Map(Object.entries(earlier));
  }

  /**
   * @param origin what it takes to judge it again
   * @returns whether the result is kept; every other one may be reported
   */
  keep(result: Result, origin: Origin): boolean {
    this.#statuses.set(result.id, result.status);
    if (result.status !== 'blocked' || result.blockedBy === null) return false;
    this.#kept.set(result.id, { result, origin });
    return true;
  }

  /** @returns the next one whose owner is settled, which is then no longer kept; null if there is none left */
  take(): { readonly result: Result; readonly origin: Origin; readonly isOwned: boolean } | null {
    const all = [...this.#kept.values()];
    const next = all.find(({ result }) => !this.#kept.has(result.blockedBy ?? '')) ?? all[0];
    if (next === undefined) return null;
    this.#kept.delete(next.result.id);
    if (this.#hasPassed(next.result.blockedBy)) return { ...next, isOwned: false };
    return { ...next, result: this.#nameFailingOwner(next.result), isOwned: true };
  }

  /**
   * @param again what came of judging it once more
   * @returns what is reported
   */
  settle(first: Result, again: Result): Result {
    this.#statuses.set(again.id, again.status);
    const remarks = [
      `Judged in a second try. In the first one it was blocked by ${first.blockedBy}, which passed: ${first.reason}`,
      ...again.remarks,
    ];
    const settled = this.#nameFailingOwner({ ...again, remarks });
    if (settled.status !== 'blocked' || !this.#hasPassed(settled.blockedBy)) return settled;
    const reason = `Blocked by ${settled.blockedBy}, which passed: ${settled.reason}`;
    return { ...settled, status: 'error', blockedBy: null, reason };
  }

  #hasPassed(owner: string | null): boolean {
    return owner !== null && this.#statuses.get(owner) === 'pass';
  }

  /** A result whose owner doesn't fail names a related requirement that does. */
  #nameFailingOwner(result: Result): Result {
    if (result.status !== 'blocked' || result.blockedBy === null) return result;
    const owner = findFailingOwner(result.blockedBy, (id) => this.#statuses.get(id));
    return { ...result, blockedBy: owner ?? result.blockedBy };
  }
}
