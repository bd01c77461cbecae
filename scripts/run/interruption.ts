/** Ctrl-C and termination: the first signal asks everything to end cleanly, a second one doesn't wait. */
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

  /** From now on, handles the signals. */
  constructor() {
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGTERM', this.#onTerminate);
    // Closing a terminal ends what runs in it.
    process.on('SIGHUP', this.#onTerminate);
    releaseEarlySignals();
  }

  get signal(): Interruption | null {
    return this.#signal;
  }

  /** Calls back at each signal, and at once if one already came. @returns a function that stops this */
  onSignal(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#signal !== null) listener();
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Waits for the work, or throws Interrupted at the first signal; then how the work ends doesn't matter. */
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

  /** Stops handling the signals. */
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
