/** `tutorial --list`: the lessons and the learner's progress. Starts nothing and changes nothing. */

import { createPalette } from '../../fixtures/output/terminal-text.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { readState } from '../../tutorial/state/file.js';
import { listLines } from '../../tutorial/views/terminal/head.js';
import { lineStyleFor } from '../../tutorial/views/terminal/line-style.js';
import type { Screen } from '../screen.js';
import { findStateFile, type TutorialArguments } from './options.js';

/** @returns the exit code */
export function list(given: TutorialArguments, screen: Screen): number {
  const path = findStateFile(given.state);
  const reading = readState(path);
  if (reading.kind === 'unreadable') screen.note(`${path} ${reading.why}.`);
  const saved = reading.kind === 'saved' ? reading.saved : null;
  const lines = lessons.map(({ id, part, title, minutes }) => ({
    id,
    part,
    title,
    minutes,
    status: saved?.progress[id]?.status ?? 'open',
    isCurrent: id === saved?.current,
  }));
  const paint = createPalette(given.color && screen.colors);
  const style = lineStyleFor(paint, screen.width, given.plain);
  screen.print(`${listLines(lines, style).join('\n')}\n`);
  return 0;
}
