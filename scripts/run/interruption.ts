/** Ctrl-C and termination: the first asks everything to end in order, a second one does not wait. */
import type { Interruption } from '../decide.js';
import { releaseEarlySignals } from '../early-signals.js';

/** A signal came before anything was judged. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export class Interrupts {
  #signal: Interruption | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #onInterrupt = () => this.#arrived('SIGINT');
  readonly #onTerminate = () => this.#arrived('SIGTERM');

  /** Takes the signals over from now on. */
  constructor() {
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGTERM', this.#onTerminate);
    // A terminal that is closed ends what ran in it.
    process.on('SIGHUP', this.#onTerminate);
    releaseEarlySignals();
  }

  get signal(): Interruption | null {
    return this.#signal;
  }

  /** Called at each signal; at once when one came already. @returns a function that ends it */
  onSignal(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#signal !== null) listener();
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Waits for the work, or throws Interrupted at the first signal; the work's own end is then no news. */
  async race<Value>(work: Promise<Value>): Promise<Value> {
    work.catch(() => undefined);
    let forget: () => void = () => undefined;
    const signal = new Promise<never>((_, reject) => {
      forget = this.onSignal(() => reject(new Interrupted()));
    });
    try {
      return await Promise.race([work, signal]);
    } finally {
      forget();
    }
  }

  /** Gives the signals back. */
  release(): void {
    process.off('SIGINT', this.#onInterrupt);
    process.off('SIGTERM', this.#onTerminate);
    process.off('SIGHUP', this.#onTerminate);
  }

  #arrived(signal: Interruption): void {
    this.#signal ??= signal;
    for (const listener of this.#listeners) listener();
  }
}
