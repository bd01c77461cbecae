import yargs from 'yargs';
import { UsageError } from '../fixtures/errors.js';
import { createCommandLine } from './command-line.js';
import { reportProblem } from './exit.js';
import type { Screen } from './screen.js';
import { packageVersion } from './version.js';

/**
 * Runs one command in this process.
 * @param words what was typed after the program's name
 * @param screen takes everything that is printed
 * @returns the exit code. It never throws: a problem is told in one sentence
 */
export async function runCommandLine(words: readonly string[], screen: Screen): Promise<number> {
  let code = 0;
  try {
    requireFolder();
    await createCommandLine(yargs([...words]), words, await versionText(words), screen, (ended) => {
      code = ended;
    }).parseAsync();
  } catch (problem) {
    code = reportProblem(problem, words, screen);
  }
  return code;
}

/** @throws UsageError if somebody removed the folder that the command was started in */
function requireFolder(): void {
  try {
    process.cwd();
  } catch {
    throw new UsageError("The current folder doesn't exist any more: change to another one.");
  }
}

/** The catalog is loaded for its version only where somebody asks for it. */
async function versionText(words: readonly string[]): Promise<string> {
  return words.includes('--version') ? (await import('./tool.js')).describeVersion() : packageVersion();
}
