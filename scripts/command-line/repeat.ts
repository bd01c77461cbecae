/** `repeat`, with those options of `run` that say how a single check is performed. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, DEFAULT_OUT, flag, PROFILE_HELP, repeatable, single } from './options.js';

export function addRepeatCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'repeat <id> [target]',
    'Run one check again, exchange by exchange, with a curl command for each',
    (command) =>
      command
        .positional('id', { type: 'string', demandOption: true, describe: 'ID of a requirement' })
        .positional('target', {
          type: 'string',
          describe:
            "A target file, a preset, the issuer's URL, or sandbox; by default, the last run's, or polar-conformance.json",
        })
        .options({
          defect: { ...repeatable, describe: 'Make the sandbox break this rule; repeatable' },
          profile: { ...single, describe: PROFILE_HELP },
          browser: { ...single, describe: 'Path of the browser; --no-browser to use none' },
          headed: { ...flag, describe: 'Show the browser' },
          timeout: { type: 'number', requiresArg: true, describe: 'Time limit of the check, in seconds' },
          'max-wait': {
            type: 'number',
            requiresArg: true,
            describe: 'Longest wait for something to expire, in seconds',
          },
          rate: { type: 'number', requiresArg: true, describe: 'Requests per second' },
          intrusive: {
            ...flag,
            describe: "Also send bursts and huge bodies to a server that isn't on this machine",
          },
          thorough: { ...flag, describe: 'Open every page in the browser; never send a form again by HTTP' },
          out: { ...single, default: DEFAULT_OUT, describe: 'Folder that has last.json' },
          color,
        }),
    async (given) => {
      const { repeat } = await import('../commands/repeat.js');
      end(await repeat(given, screen));
    },
  );
}
