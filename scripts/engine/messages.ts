/** What the engine reports to the command over its channel, in order. */
import type { Provisioned, UserSessions } from '../../fixtures/environment.js';
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import type { Result } from '../../suites/result.js';
import type { SetupResult } from '../../suites/run-file.js';

export type Message =
  /** Setup is done: clients exist, users are signed in. The browser's name, or null if there is none. Holds secrets. */
  | {
      readonly type: 'ready';
      readonly browser: string | null;
      readonly provisioned: Provisioned;
      /** Why checks run one at a time, whatever was asked for; null if they don't. */
      readonly oneAtATime: SetupResult['oneAtATime'];
    }
  /** Users were signed in for one more check at a time. Holds secrets. */
  | { readonly type: 'signed-in'; readonly sessions: UserSessions }
  /** Nothing can be judged: one sentence. */
  | { readonly type: 'setup-failed'; readonly reason: string }
  | { readonly type: 'start'; readonly id: string }
  | { readonly type: 'result'; readonly result: Result }
  /** One exchange of a check that still runs, with no secrets; again with its body once a page was read. */
  | { readonly type: 'exchange'; readonly exchange: ExchangeRecord }
  /** A check ended with no result. */
  | { readonly type: 'lost'; readonly id: string; readonly reason: string }
  /** What was created at the server and could not be removed. */
  | { readonly type: 'leftovers'; readonly places: readonly string[] }
  /** Something went wrong outside any check. */
  | { readonly type: 'engine-error'; readonly text: string };

/** Passes a message to the command. @returns when it's written */
export type Send = (message: Message) => Promise<void>;

let last: Promise<void> = Promise.resolve();

/** @returns when all messages are written; the process may end right after */
export function allTold(): Promise<void> {
  return last;
}

/** Sends, and waits until it's written. Does nothing if there is no parent process. */
export function sendMessage(message: Message): Promise<void> {
  last = new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    // A missing parent isn't an error; this process is ended in another way.
    else process.send(message, undefined, undefined, () => resolve());
  });
  return last;
}

const TYPES: ReadonlySet<unknown> = new Set([
  'ready',
  'signed-in',
  'setup-failed',
  'start',
  'result',
  'exchange',
  'lost',
  'leftovers',
  'engine-error',
]);

/** @returns whether a message on the channel is ours */
export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'type' in value && TYPES.has(value.type);
}
