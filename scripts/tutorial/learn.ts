/** The tutorial itself: started from the saved state, served and shown until the learner leaves. */
import { CannotJudge, firstLine, UsageError } from '../../fixtures/errors.js';
import { probe } from '../../tutorial/private/client.js';
import { privateRoutes } from '../../tutorial/private/server.js';
import { notKept, prepareFolder, writeState } from '../../tutorial/state/file.js';
import { type Lock, takeLock } from '../../tutorial/state/lock.js';
import { type Saved, Tutorial } from '../../tutorial/tutorial.js';
import { pageOf } from '../../tutorial/views/page/index.js';
import { Interrupts } from '../run/interruption.js';
import type { Screen } from '../screen.js';
import { findStateFile, formatCommand, type TutorialArguments } from './options.js';
import { readSavedStart } from './saved-start.js';
import { show } from './show.js';

/** @returns the exit code: 0, since being left or ended by a signal is how this command ends */
export async function learn(given: TutorialArguments, screen: Screen): Promise<number> {
  const path = findStateFile(given.state);
  const lock = await acquireLock(path);
  let tutorial: Tutorial | null = null;
  let interrupts: Interrupts | null = null;
  try {
    const { saved, notes } = await readSavedStart(path, given);
    interrupts = new Interrupts();
    tutorial = await openTutorial(saved, createSaver(path, screen), (problem) =>
      screen.problem(`This request could not be judged, which is a fault of ours: ${firstLine(problem)}`),
    );
    serveClients(tutorial, lock, given);
    lock.announce(tutorial.addresses.page);
    await show({ tutorial, given, notes, interrupts, screen });
    return 0;
  } finally {
    await tutorial?.close();
    lock.release();
    interrupts?.release();
  }
}

/** The page, and before it what only the learner's own commands may ask. */
function serveClients(tutorial: Tutorial, { key }: Lock, { state }: TutorialArguments): void {
  const ownCommands = privateRoutes(tutorial, key);
  const page = pageOf(tutorial, { command: (words) => formatCommand(state, words) });
  tutorial.serve((request) => ownCommands(request) ?? page(request));
}

async function acquireLock(path: string): Promise<Lock> {
  prepareFolder(path);
  const taken = await takeLock(path, probe).catch((problem: unknown) => {
    throw notKept(path, problem);
  });
  if ('lock' in taken) return taken.lock;
  const { page, pid } = taken.heldBy;
  throw new UsageError(
    `A tutorial already runs on ${path}: ${page ?? `process ${pid}`}. Go on there, or name another file by --state.`,
  );
}

async function openTutorial(
  saved: Saved,
  onSave: (saved: Saved) => void,
  onFault: (problem: unknown) => void,
): Promise<Tutorial> {
  try {
    return await Tutorial.open({ saved, ports: saved.ports, onSave, onFault });
  } catch (problem) {
    throw new CannotJudge(`The tutorial could not start: ${firstLine(problem)}`);
  }
}

/** A disk that is full must not end the lesson: it is said once. */
function createSaver(path: string, screen: Screen): (saved: Saved) => void {
  let isSaid = false;
  return (saved) => {
    try {
      writeState(path, saved);
      isSaid = false;
    } catch (problem) {
      if (!isSaid) screen.problem(notKept(path, problem).message);
      isSaid = true;
    }
  };
}
