/** The options of `tutorial`, and which combinations make no sense. */
import { UsageError } from '../../fixtures/errors.js';
import { singleQuote } from '../../fixtures/output/shell-word.js';
import { suggestName } from '../../suites/plan/selection.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { defaultStateFile } from '../../tutorial/state/default-path.js';

export interface TutorialArguments {
  readonly lesson?: string | undefined;
  readonly list: boolean;
  /** Empty for all lessons. */
  readonly reset?: string | undefined;
  readonly state?: string | undefined;
  /** The page's port; 0 for any free one. */
  readonly port?: number | undefined;
  readonly open: boolean;
  readonly plain: boolean;
  readonly auto: boolean;
  readonly mistakes: boolean;
  readonly defects: readonly string[];
  readonly json: boolean;
  readonly color: boolean;
}

/** @throws UsageError in one sentence */
export function checkArguments(given: TutorialArguments): void {
  const { auto, mistakes, defects, json, list, reset, port, state, lesson } = given;
  if (!auto) {
    if (mistakes) throw new UsageError('--mistakes only works with --auto.');
    if (defects.length > 0)
      throw new UsageError("--defect only works with --auto, so that it can't mislead a learner.");
    if (json) throw new UsageError('--json only works with --auto.');
  } else if (list || reset !== undefined || state !== undefined || port !== undefined) {
    throw new UsageError(
      "--auto doesn't touch your own progress, so you can't combine it with --list, --reset, --state or --port.",
    );
  }
  if (list && reset !== undefined) throw new UsageError('Use either --list or --reset, not both.');
  if (reset !== undefined && reset !== '' && lesson !== undefined && lesson !== reset) {
    throw new UsageError('--reset goes to the lesson it names: leave --lesson out.');
  }
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65535)) {
    throw new UsageError('--port must be a whole number from 0 to 65535.');
  }
  if (lesson !== undefined) checkLesson('--lesson', lesson);
  if (reset !== undefined && reset !== '') checkLesson('--reset', reset);
}

function checkLesson(option: string, id: string): void {
  const ids = lessons.map((lesson) => lesson.id);
  if (!ids.includes(id)) throw new UsageError(`${option}: there is no lesson ${id}.${suggestName(id, ids)}`);
}

/** @returns the path of the file with the learner's progress */
export function findStateFile(state: string | undefined): string {
  if (state === '') throw new UsageError('--state needs a file path.');
  return state ?? defaultStateFile();
}

/** @returns the command line that runs the tutorial with this file */
export function formatCommand(state: string | undefined, words: string = ''): string {
  const quoted = state === undefined ? '' : ` --state ${singleQuote(state)}`;
  return `npx polar-conformance tutorial${words === '' ? '' : ` ${words}`}${quoted}`;
}
