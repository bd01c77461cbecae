/**
 * How many checks are judged at the same time. Where this machine does most of the work, more at a time gain nothing.
 * Where the server takes most of the time, they wait beside each other instead of one after the other.
 */
import { performance } from 'node:perf_hooks';
import { stretched } from '../../fixtures/time/deadline.js';

/** A server that answers faster than this, on average, isn't what a run waits for. In milliseconds. */
const SLOW_MS = 30;
/** The last answers that count. */
const REMEMBERED = 30;
/** Fewer answers say nothing about a server. */
const FEW = 10;
/** One answer that takes very long isn't a slow server. */
const MOST_MS = 1_000;
/** This process has time for another check if it's busy for less than this share of its time. */
const BUSY = 0.5;
/** A server that answers so many times more slowly than it did at first has enough to do. */
const OVERLOADED = 2;

export interface CheckCountOptions {
  /** Checks at a time at a fast server. */
  readonly least: number;
  readonly most: number;
  /** Requests per second over all checks; null for no limit. */
  readonly rate: number | null;
  /** @returns the share of its time that this process was busy since the last call, from 0 to 1 */
  readonly busy?: () => number;
  /** @returns from how many milliseconds on an average answer is slow; more while this machine is busy */
  readonly slow?: () => number;
}

export class CheckCount {
  readonly #answers: number[] = [];
  /** Milliseconds of an average answer while there were the fewest checks at a time. */
  #atFirst: number | null = null;

  constructor(private readonly options: CheckCountOptions) {}

  /** Takes note of how long the server took for an answer, in milliseconds. */
  answered(milliseconds: number): void {
    this.#answers.push(Math.min(MOST_MS, milliseconds));
    if (this.#answers.length > REMEMBERED) this.#answers.shift();
  }

  /** @returns whether one more than this many checks at a time would end the run earlier */
  mayGrow(checks: number): boolean {
    const { least, most, rate, busy = processBusy, slow = () => stretched(SLOW_MS) } = this.options;
    if (checks >= most || this.#answers.length < FEW) return false;
    const average = this.#answers.reduce((sum, one) => sum + one, 0) / this.#answers.length;
    if (checks <= least) this.#atFirst = average;
    // So many checks together already send as many requests as they may.
    if (rate !== null && checks * 1000 >= rate * average) return false;
    return average >= slow() && average <= OVERLOADED * (this.#atFirst ?? average) && busy() < BUSY;
  }
}

let last = performance.eventLoopUtilization();

function processBusy(): number {
  const now = performance.eventLoopUtilization();
  const { utilization } = performance.eventLoopUtilization(now, last);
  last = now;
  return utilization;
}
