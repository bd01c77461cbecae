/** `repeat`, with those options of `run` that say how a single check is performed. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, DEFAULT_OUT, flag, PROFILE_HELP, repeatable, single } from './options.js';

export function addRepeatCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'repeat <id> [target]',
    'Perform one check again, exchange by exchange, with a curl command beside each',
    (command) =>
      command
        .positional('id', { type: 'string', demandOption: true, describe: 'Id of a requirement' })
        .positional('target', {
          type: 'string',
          describe:
            "A target file, a preset, the issuer's URL, or sandbox; by default that of the last run, else polar-conformance.json",
        })
        .options({
          defect: { ...repeatable, describe: 'Break this rule of the sandbox; repeatable' },
          profile: { ...single, describe: PROFILE_HELP },
          browser: { ...single, describe: 'Path of a browser; --no-browser for none' },
          headed: { ...flag, describe: 'Show the browser' },
          timeout: { type: 'number', requiresArg: true, describe: 'Seconds for the check' },
          'max-wait': {
            type: 'number',
            requiresArg: true,
            describe: 'Seconds that may be waited for something to expire',
          },
          rate: { type: 'number', requiresArg: true, describe: 'Requests a second' },
          intrusive: { ...flag, describe: 'Send bursts and huge bodies to a server elsewhere too' },
          thorough: { ...flag, describe: 'Open every page in the browser: send no form again by HTTP' },
          out: { ...single, default: DEFAULT_OUT, describe: 'Folder in which last.json is looked for' },
          color,
        }),
    async (given) => {
      const { repeat } = await import('../commands/repeat.js');
      end(await repeat(given, screen));
    },
  );
}
