/** The data that the page is rendered from. */
import type { Values } from '../../lessons/values.js';
import type { LessonProgress } from '../../progress.js';
import type { EnvCommands } from '../../shell/routes.js';
import type { TutorialView } from '../../view.js';

export interface PageData {
  readonly view: TutorialView;
  readonly progress: LessonProgress;
  /** Includes secrets: only code that writes commands and names may use them. */
  readonly values: Values;
  /** Of this process, against requests from elsewhere. */
  readonly token: string;
  /** The command line that runs the tutorial with these arguments. */
  readonly command: (words: string) => string;
  /** The commands that load the values into the learner's shell. */
  readonly env: EnvCommands;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When it began to wait for the first request: milliseconds since 1970. */
  readonly since: number;
}
