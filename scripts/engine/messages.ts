/** What the engine tells the command over its channel, in the order in which it happens. */
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import type { Result } from '../../suites/result.js';

export type Message =
  /** The set-up is done: clients exist, users are signed in. The browser by name, null where there is none. */
  | { readonly type: 'ready'; readonly browser: string | null }
  /** Nothing can be judged: one sentence. */
  | { readonly type: 'setup-failed'; readonly reason: string }
  | { readonly type: 'start'; readonly id: string }
  | { readonly type: 'result'; readonly result: Result }
  /** One exchange of a check that still runs, without secrets; again with its body once a page was read. */
  | { readonly type: 'exchange'; readonly exchange: ExchangeRecord }
  /** A check ended without a result. */
  | { readonly type: 'lost'; readonly id: string; readonly reason: string }
  /** What was created at the server and could not be removed. */
  | { readonly type: 'leftovers'; readonly places: readonly string[] }
  /** Something went wrong outside of any check. */
  | { readonly type: 'engine-error'; readonly text: string };

let last: Promise<void> = Promise.resolve();

/** @returns when all that was told is written: the process may end right after */
export function allTold(): Promise<void> {
  return last;
}

/** Sends, and waits until it is written. Without a parent, nothing. */
export function sendMessage(message: Message): Promise<void> {
  last = new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    // A parent that is gone is no error: it ends this process by other means.
    else process.send(message, undefined, undefined, () => resolve());
  });
  return last;
}

const TYPES: ReadonlySet<unknown> = new Set([
  'ready',
  'setup-failed',
  'start',
  'result',
  'exchange',
  'lost',
  'leftovers',
  'engine-error',
]);

/** @returns whether what came over the channel is ours */
export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'type' in value && TYPES.has(value.type);
}
