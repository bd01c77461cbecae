/** Somebody who waits for an answer that cannot come is told so: no request has reached us for a while. */

/** Time, as a test can have its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @returns how to call it off */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    // The server keeps the process alive, not this.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const IDLE_MS = 90_000;

/** Calls once after each silence: an old terminal must not fill with the same advice. */
export class Idle {
  #stop: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly call: () => void,
  ) {}

  /** Something happened: the silence begins anew. */
  restart(): void {
    this.#stop();
    this.#stop = this.clock.after(IDLE_MS, this.call);
  }

  stop(): void {
    this.#stop();
  }
}
