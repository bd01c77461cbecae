/** The command line as yargs declares it: what holds for every command. The work is in scripts/commands. */
import type { Argv } from 'yargs';
import { UsageError } from '../fixtures/errors.js';
import { addCatalogCommands } from './command-line/catalog.js';
import { addProofCommands } from './command-line/proof.js';
import { addRepeatCommand } from './command-line/repeat.js';
import { addReportCommands } from './command-line/reports.js';
import { addRunCommand } from './command-line/run.js';
import { addSandboxCommand } from './command-line/sandbox.js';
import { addLoginCommand, addTargetCommands } from './command-line/target.js';
import { addTutorialCommand } from './command-line/tutorial.js';
import { describeUsageError, refuseRepeated } from './command-line/usage-errors.js';
import type { Screen } from './screen.js';

const MAX_WIDTH = 100;

/**
 * @param words what was typed
 * @param version what --version says
 * @param end takes the exit code of the command that ran
 */
export function createCommandLine(
  start: Argv,
  words: readonly string[],
  version: string,
  screen: Screen,
  end: (code: number) => void,
): Argv {
  const cli = start
    .scriptName('polar-conformance')
    .usage('$0 <command>\n\nChecks whether an OAuth 2.0 / OpenID Connect server does what its specs say.')
    .epilogue('Exit codes: 0 conforming, 1 not conforming, 2 usage, 3 could not judge, 70 our fault.')
    .wrap(Math.min(MAX_WIDTH, screen.width))
    .help()
    .alias('help', 'h')
    // Without our own, yargs would tell the version of the package that we are installed in.
    .version(version)
    .strict()
    .demandCommand(
      1,
      'Which command? run, init, doctor, login, list, explain, prove, compare, merge, repeat, sandbox or tutorial; --help tells more.',
    )
    .recommendCommands()
    .middleware((argv) => refuseRepeated(argv, start), true)
    .exitProcess(false)
    .fail((message: string | undefined, error: Error | undefined) => {
      // Its own complaints come either way; what a command threw is passed on.
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(describeUsageError(message ?? error?.message ?? '', words, start));
    });
  addRunCommand(cli, screen, end);
  addTargetCommands(cli, words, screen, end);
  addCatalogCommands(cli, screen, end);
  addLoginCommand(cli, words, screen, end);
  addProofCommands(cli, screen, end);
  addReportCommands(cli, screen, end);
  addRepeatCommand(cli, screen, end);
  addSandboxCommand(cli, screen, end);
  addTutorialCommand(cli, screen, end);
  return cli;
}
