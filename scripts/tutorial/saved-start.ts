/** What a start begins with: the saved state as the learner wants it, and one sentence on what was changed. */
import { lessons } from '../../tutorial/lessons/index.js';
import { keepAside, readState, removeDrafts } from '../../tutorial/state/file.js';
import { choosePorts } from '../../tutorial/state/ports.js';
import { atPorts, freshState, resumed, withoutLesson } from '../../tutorial/state/resume.js';
import type { Saved } from '../../tutorial/tutorial.js';
import type { TutorialArguments } from './options.js';

export interface SavedStart {
  readonly saved: Saved;
  readonly notes: readonly string[];
}

/** Reads the file, which nobody else may use now. A file that cannot be read is kept aside. */
export async function readSavedStart(path: string, given: TutorialArguments): Promise<SavedStart> {
  const notes: string[] = [];
  removeDrafts(path);
  const reading = readState(path);
  if (reading.kind === 'unreadable') {
    notes.push(`${path} ${reading.why}. It is kept as ${keepAside(path)}, and you start fresh.`);
  }
  const wanted = applyArguments(
    reading.kind === 'saved' ? reading.saved : freshState(findFirstLesson()),
    given,
  );
  const { ports, taken } = await choosePorts(wanted.ports, given.port ?? null);
  if (taken.length > 0) {
    notes.push(
      `Port ${taken.join(' and port ')} of last time ${taken.length === 1 ? 'is' : 'are'} in use now, so addresses have changed.`,
    );
  }
  return { saved: atPorts(wanted, ports), notes };
}

function applyArguments(saved: Saved, { reset, lesson }: TutorialArguments): Saved {
  if (reset === '') return freshState(lesson ?? findFirstLesson(), saved.ports);
  if (reset !== undefined) return withoutLesson(saved, reset);
  return lesson === undefined ? resumed(saved, lessons) : { ...saved, current: lesson };
}

const findFirstLesson = (): string => lessons[0]?.id ?? '';
