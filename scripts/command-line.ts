/** The command line as yargs declares it: what holds for every command. The work is in scripts/commands. */
import type { Argv } from 'yargs';
import { UsageError } from '../fixtures/problem.js';
import { catalogueCommands } from './command-line/catalogue.js';
import { proveCommand } from './command-line/proof.js';
import { repeatCommand } from './command-line/repeat.js';
import { reportCommands } from './command-line/reports.js';
import { runCommand } from './command-line/run.js';
import { loginCommand, targetCommands } from './command-line/target.js';
import { tutorialCommand } from './command-line/tutorial.js';
import type { Screen } from './screen.js';
import { yargsSentence } from './usage.js';

const WIDEST = 100;

/**
 * @param words what was typed
 * @param version what --version says
 * @param end takes the exit code of the command that ran
 */
export function commandLine(
  start: Argv,
  words: readonly string[],
  version: string,
  screen: Screen,
  end: (code: number) => void,
): Argv {
  const cli = start
    .scriptName('polar-conformance')
    .usage('$0 <command>\n\nJudges how a server authenticates API requests, requirement by requirement.')
    .epilogue('Exit codes: 0 conforming, 1 not conforming, 2 usage, 3 could not judge, 70 a fault of ours.')
    .wrap(Math.min(WIDEST, screen.width))
    .help()
    .alias('help', 'h')
    // Without our own, yargs would tell the version of the package that we are installed in.
    .version(version)
    .strict()
    .demandCommand(
      1,
      'Name a command: run, init, doctor, login, list, explain, prove, compare, merge, repeat, sandbox or tutorial; --help tells more.',
    )
    .recommendCommands()
    .exitProcess(false)
    .fail((message: string | undefined, error: Error | undefined) => {
      // Its own complaints come either way; what a command threw is passed on.
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(yargsSentence(message ?? error?.message ?? '', words, start));
    });
  runCommand(cli, screen, end);
  targetCommands(cli, words, screen, end);
  catalogueCommands(cli, screen, end);
  loginCommand(cli, words, screen, end);
  proveCommand(cli, screen, end);
  reportCommands(cli, screen, end);
  repeatCommand(cli, screen, end);
  tutorialCommand(cli, screen, end);
  return cli;
}
