/** What a tutorial is started with, what it keeps, and what it tells its views. */
import type { Deviation } from '../fixtures/sandbox/deviation.js';
import type { ClientRecord } from '../fixtures/sandbox/store/records.js';
import type { Lesson } from './lessons/lesson.js';
import type { Name, Values } from './lessons/values.js';
import type { Ports } from './local-servers.js';
import type { LessonProgress } from './progress.js';
import type { Verdict } from './watcher/classify.js';
import type { Feedback } from './watcher/feedback.js';

/** What is kept on disk; never codes or access tokens. */
export interface Saved {
  readonly current: string;
  readonly progress: Readonly<Record<string, LessonProgress>>;
  readonly clients: readonly ClientRecord[];
  readonly values: Values;
  readonly ports: Ports;
}

export interface TutorialOptions {
  readonly saved?: Saved | null;
  /** 0 for any free one. */
  readonly ports?: Ports;
  readonly deviations?: readonly Deviation[];
  readonly lessons?: readonly Lesson[];
  /** Called after each step with everything to keep. */
  readonly onSave?: (saved: Saved) => void;
  /** Receives what a lesson threw about an exchange; the tutorial goes on. By default that ends the process. */
  readonly onFault?: (problem: unknown) => void;
}

/** What happened; the view is up to date when listeners are called. */
export type TutorialEvent =
  | { readonly kind: 'exchange'; readonly feedback: Feedback; readonly verdict: Verdict }
  | { readonly kind: 'changed' };

/** Values that are kept on disk, with the client they belong to. */
const KEPT: readonly Name[] = ['CLIENT_ID', 'CLIENT_SECRET', 'PUBLIC_CLIENT_ID', 'REDIRECT_URI'];

/** @returns the values that are kept on disk: never codes, tokens or one-time values */
export const keepValues = (values: Values): Values =>
  Object.fromEntries(KEPT.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
