/** Tells the learner when no request has arrived for a while. */

/** The time; tests have their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @returns a function that cancels it */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    // The server keeps the process alive, not this timer.
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const IDLE_MS = 90_000;

/** Calls once per silence, so that the terminal doesn't fill with the same advice. */
export class Idle {
  #stop: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly call: () => void,
  ) {}

  /** Something happened: starts the wait again. */
  restart(): void {
    this.#stop();
    this.#stop = this.clock.after(IDLE_MS, this.call);
  }

  stop(): void {
    this.#stop();
  }
}
