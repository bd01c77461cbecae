/** What a rendering of the tutorial's page is made from. */
import type { Values } from '../../lessons/values.js';
import type { LessonProgress } from '../../progress.js';
import type { TutorialView } from '../../view.js';

export interface PageData {
  readonly view: TutorialView;
  readonly progress: LessonProgress;
  /** With secrets: only what writes commands and names may look at them. */
  readonly values: Values;
  /** Of this process, against requests from elsewhere. */
  readonly token: string;
  /** How the tutorial is called in a shell, with these words behind it. */
  readonly command: (words: string) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Since when it has been waiting for a first request: milliseconds since 1970. */
  readonly since: number;
}
