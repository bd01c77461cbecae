/** The state to start with: the saved one with the options applied, and a sentence about each change. */
import { lessons } from '../../tutorial/lessons/index.js';
import { moveAside, readState, removeDrafts } from '../../tutorial/state/file.js';
import { choosePorts } from '../../tutorial/state/ports.js';
import { atPorts, freshState, resumed, withoutLesson } from '../../tutorial/state/resume.js';
import type { Saved } from '../../tutorial/tutorial-options.js';
import type { TutorialArguments } from './options.js';

export interface StartingState {
  readonly saved: Saved;
  readonly notes: readonly string[];
}

/** Reads the state file; the caller holds its lock. A file that can't be read is moved aside. */
export async function startingState(path: string, given: TutorialArguments): Promise<StartingState> {
  const notes: string[] = [];
  removeDrafts(path);
  const reading = readState(path);
  if (reading.kind === 'unreadable') {
    notes.push(`${path} ${reading.why}. It was moved to ${moveAside(path)}, and you're starting over.`);
  }
  const wanted = asWanted(reading.kind === 'saved' ? reading.saved : freshState(firstLesson()), given);
  const { ports, taken } = await choosePorts(wanted.ports, given.port ?? null);
  if (taken.length > 0) {
    notes.push(
      `${taken.length === 1 ? `Port ${taken[0]} is` : `Ports ${taken.join(' and ')} are`} in use by another program now, so the addresses have changed.`,
    );
  }
  return { saved: atPorts(wanted, ports), notes };
}

function asWanted(saved: Saved, { reset, lesson }: TutorialArguments): Saved {
  if (reset === '') return freshState(lesson ?? firstLesson(), saved.ports);
  if (reset !== undefined) return withoutLesson(saved, reset);
  return lesson === undefined ? resumed(saved, lessons) : { ...saved, current: lesson };
}

const firstLesson = (): string => lessons[0]?.id ?? '';
