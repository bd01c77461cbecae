/** How the program ends: which exit code a problem has, and that nothing printed is lost. */
import { CannotJudge, UsageError } from '../fixtures/errors.js';
import { DEFAULT_OUT } from './command-line/options.js';
import { describeInternalError } from './internal-error.js';
import { explainMachineLimit } from './machine-limits.js';
import type { ProcessScreen, Screen } from './screen.js';

const EXIT_USAGE = 2;
const EXIT_CANNOT_JUDGE = 3;
const EXIT_INTERNAL_ERROR = 70;

/** Says the problem in one sentence. @returns the exit code */
export function reportProblem(
  problem: unknown,
  words: readonly string[],
  screen: Pick<Screen, 'problem'>,
): number {
  if (problem instanceof UsageError) {
    screen.problem(problem.message);
    return EXIT_USAGE;
  }
  if (problem instanceof CannotJudge) {
    screen.problem(problem.message);
    return EXIT_CANNOT_JUDGE;
  }
  const limit = explainMachineLimit(problem);
  if (limit !== null) {
    screen.problem(limit);
    return EXIT_CANNOT_JUDGE;
  }
  screen.problem(describeInternalError(problem, findOutFolder(words)));
  return EXIT_INTERNAL_ERROR;
}

/** The folder for our files, also where the options could not be read. */
function findOutFolder(words: readonly string[]): string {
  const joined = words.find((word) => word.startsWith('--out='));
  if (joined !== undefined) return joined.slice('--out='.length);
  const at = words.indexOf('--out');
  return (at === -1 ? undefined : words[at + 1]) ?? DEFAULT_OUT;
}

/** Ends the process once everything is written, whatever else still waits. What nobody can read is no success. */
export async function flushAndExit(code: number, screen: Pick<ProcessScreen, 'isIntact'>): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) await flush(stream);
  process.exit(code === 0 && !screen.isIntact() ? EXIT_CANNOT_JUDGE : code);
}

async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed) return;
  try {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  } catch {
    // A full disk: the screen knows.
  }
}
