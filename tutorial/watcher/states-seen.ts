/** The `state` of the authorization requests that reached the server, to compare a callback with. */
import type { ObservedExchange } from './exchange.js';

/** Whose state a callback has: of the last request, of an earlier one, or of none that was seen. */
export type StateMatch = 'last' | 'earlier' | 'none';

/** Requests beyond this are forgotten. */
const MOST = 50;

export class StatesSeen {
  #states: readonly string[] = [];

  /** Remembers the state of an authorization request; ignores other exchanges. */
  notice({ endpoint, url }: ObservedExchange): void {
    const state = endpoint === 'authorize' ? url.searchParams.get('state') : null;
    if (state !== null && state !== this.#states.at(-1)) this.#states = [...this.#states, state].slice(-MOST);
  }

  /** @returns which request had this state */
  match(state: string): StateMatch {
    if (state === this.#states.at(-1)) return 'last';
    return this.#states.includes(state) ? 'earlier' : 'none';
  }
}
