/** What `tutorial` can be told, and which of it makes no sense together. */

import { UsageError } from '../../fixtures/errors.js';
import { suggestName } from '../../suites/plan/selection.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { defaultStateFile } from '../../tutorial/state/place.js';
import { singleSh } from '../../tutorial/views/commands/quote.js';

export interface TutorialArguments {
  readonly lesson?: string | undefined;
  readonly list: boolean;
  /** Empty for all lessons. */
  readonly reset?: string | undefined;
  readonly state?: string | undefined;
  /** Of the page; 0 takes a free one. */
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
    if (mistakes) throw new UsageError('--mistakes goes with --auto.');
    if (defects.length > 0) throw new UsageError('--defect goes with --auto: a learner is not to be misled.');
    if (json) throw new UsageError('--json goes with --auto.');
  } else if (list || reset !== undefined || state !== undefined || port !== undefined) {
    throw new UsageError(
      '--auto leaves your own progress alone, so --list, --reset, --state and --port do not go with it.',
    );
  }
  if (list && reset !== undefined) throw new UsageError('--list and --reset are two wishes: name one.');
  if (reset !== undefined && reset !== '' && lesson !== undefined && lesson !== reset) {
    throw new UsageError('--reset goes to the lesson that it names: leave --lesson out.');
  }
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65535)) {
    throw new UsageError('--port takes a whole number from 0 to 65535.');
  }
  if (lesson !== undefined) checkLesson('--lesson', lesson);
  if (reset !== undefined && reset !== '') checkLesson('--reset', reset);
}

function checkLesson(option: string, id: string): void {
  const ids = lessons.map((lesson) => lesson.id);
  if (!ids.includes(id)) throw new UsageError(`${option}: there is no lesson ${id}.${suggestName(id, ids)}`);
}

/** @returns the file that holds the learner's progress */
export function findStateFile(state: string | undefined): string {
  if (state === '') throw new UsageError('--state needs the path of a file.');
  return state ?? defaultStateFile();
}

/** @returns how the tutorial on this file is called, for a shell */
export function formatCommand(state: string | undefined, words: string = ''): string {
  const quoted = state === undefined ? '' : ` --state ${singleSh(state)}`;
  return `npx polar-conformance tutorial${words === '' ? '' : ` ${words}`}${quoted}`;
}
