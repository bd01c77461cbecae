/** Runs the tutorial from the saved state until the learner quits. */
import { CannotJudge, firstLine, UsageError } from '../../fixtures/errors.js';
import { probe } from '../../tutorial/private/client.js';
import { privateRoutes } from '../../tutorial/private/server.js';
import { createEnvKey, type EnvCommands, envCommands, envRoutes } from '../../tutorial/shell/routes.js';
import { cannotSave, prepareFolder, writeState } from '../../tutorial/state/file.js';
import { type Lock, takeLock } from '../../tutorial/state/lock.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import type { Saved } from '../../tutorial/tutorial-options.js';
import { createPage } from '../../tutorial/views/page/index.js';
import { Interrupts } from '../run/interruption.js';
import type { Screen } from '../screen.js';
import { findStateFile, formatCommand, type TutorialArguments } from './options.js';
import { startingState } from './starting-state.js';
import { runTerminalSession } from './terminal-session.js';

/** @returns the exit code: 0, because quitting or a signal is how this command ends */
export async function runTutorial(given: TutorialArguments, screen: Screen): Promise<number> {
  const path = findStateFile(given.state);
  const lock = await hold(path);
  let tutorial: Tutorial | null = null;
  let interrupts: Interrupts | null = null;
  try {
    const { saved, notes } = await startingState(path, given);
    interrupts = new Interrupts();
    tutorial = await open(saved, keeper(path, screen), (problem) =>
      screen.problem(
        `The tutorial couldn't check this request. That's a bug in the tutorial: ${firstLine(problem)}`,
      ),
    );
    const env = serve(tutorial, lock, given);
    lock.announce(tutorial.addresses.page);
    await runTerminalSession({ tutorial, given, notes, env, interrupts, screen });
    return 0;
  } finally {
    await tutorial?.close();
    lock.release();
    interrupts?.release();
  }
}

/**
 * Serves the page, the values for the learner's shell, and the private routes of the learner's own commands.
 * @returns the commands that load the values
 */
function serve(tutorial: Tutorial, { key }: Lock, { state }: TutorialArguments): EnvCommands {
  const envKey = createEnvKey();
  const env = envCommands(tutorial.addresses.page, envKey);
  const shellValues = envRoutes(tutorial, envKey);
  const ownCommands = privateRoutes(tutorial, key);
  const page = createPage(tutorial, { command: (words) => formatCommand(state, words), env });
  tutorial.serve((request) => shellValues(request) ?? ownCommands(request) ?? page(request));
  return env;
}

async function hold(path: string): Promise<Lock> {
  prepareFolder(path);
  const taken = await takeLock(path, probe).catch((problem: unknown) => {
    throw cannotSave(path, problem);
  });
  if ('lock' in taken) return taken.lock;
  const { page, pid } = taken.heldBy;
  throw new UsageError(
    `A tutorial is already running with ${path}: ${page ?? `process ${pid}`}. Continue there, or use --state to name another file.`,
  );
}

async function open(
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

/** A full disk must not end the lesson: the problem is reported once. */
function keeper(path: string, screen: Screen): (saved: Saved) => void {
  let isSaid = false;
  return (saved) => {
    try {
      writeState(path, saved);
      isSaid = false;
    } catch (problem) {
      if (!isSaid) screen.problem(cannotSave(path, problem).message);
      isSaid = true;
    }
  };
}
