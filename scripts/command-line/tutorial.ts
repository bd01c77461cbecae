/** `tutorial` and what belongs to it. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, flag, repeatable, single } from './options.js';

/** Options of yargs hold for nested commands too, unless they say that they do not. */
const own = { global: false } as const;
const state = { ...single, describe: 'The file that keeps your progress' } as const;

/** `tutorial` and `verify-with`. */
const COMMANDS = 2;

export function addTutorialCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'tutorial',
    'Learn OAuth and OpenID Connect: send real requests, and see what each did',
    (command) =>
      command
        .options({
          lesson: { ...own, ...single, describe: 'Go to this lesson' },
          list: { ...own, ...flag, describe: 'Show the lessons and how far you are' },
          reset: {
            ...own,
            type: 'string',
            describe: 'Begin anew: this lesson, or without an id all of them',
          },
          state: { ...own, ...state },
          port: { ...own, type: 'number', requiresArg: true, describe: 'Of the page; 0 takes a free one' },
          open: {
            ...own,
            type: 'boolean',
            default: true,
            describe: 'The page in a browser; --no-open for not',
          },
          plain: { ...own, ...flag, describe: 'Plain lines in words, and no keys' },
          auto: {
            ...own,
            ...flag,
            describe: 'Play all lessons, or that of --lesson, and tell what was seen',
          },
          mistakes: { ...own, ...flag, describe: 'With --auto: make every known mistake too' },
          defect: {
            ...own,
            ...repeatable,
            describe: 'With --auto: break this rule of the sandbox, or take this variant; repeatable',
          },
          json: { ...own, ...flag, describe: 'With --auto: as JSON' },
          color: { ...own, ...color },
        })
        .command(
          'env',
          'Print the values of the running tutorial for a shell: eval "$(… env)"',
          (env) =>
            env.options({
              state,
              powershell: { ...flag, describe: 'For PowerShell: … | Invoke-Expression' },
            }),
          async ({ state: file, powershell }) => {
            const { env } = await import('../tutorial/env.js');
            end(await env({ state: file, powershell }, screen, process.stdout.isTTY === true));
          },
        )
        .command(
          'verify-with [verifier..]',
          'Try your own verifier on good and altered ID Tokens: verify-with -- CMD',
          (verify) =>
            verify
              .positional('verifier', { type: 'string', array: true, describe: 'The program, after --' })
              .options({ state, color }),
          async ({ state: file, verifier, _: rest }) => {
            const { tryVerifier: verifierTried } = await import('../tutorial/try-verifier.js');
            // After two dashes yargs takes nothing for its own: it follows the names of the commands.
            const command = [...(verifier ?? []), ...rest.slice(COMMANDS).map(String)];
            end(await verifierTried({ state: file, command }, screen));
          },
        ),
    async ({ defect, ...given }) => {
      const { tutorial } = await import('../commands/tutorial.js');
      end(await tutorial({ ...given, defects: defect ?? [] }, screen));
    },
  );
}
