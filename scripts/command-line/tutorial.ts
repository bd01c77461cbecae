/** The command `tutorial` and its subcommands. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, flag, repeatable, single } from './options.js';

/** In yargs, options also apply to nested commands unless `global` is false. */
const own = { global: false } as const;
const state = { ...single, describe: 'The file with your progress' } as const;

/** `tutorial` and `verify-with`. */
const COMMANDS = 2;

export function addTutorialCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'tutorial',
    'Learn OAuth and OpenID Connect: send real requests and see what each one does',
    (command) =>
      command
        .options({
          lesson: { ...own, ...single, describe: 'Go to this lesson' },
          list: { ...own, ...flag, describe: 'Show the lessons and your progress' },
          reset: {
            ...own,
            type: 'string',
            describe: 'Start over: this lesson, or all of them if no lesson is named',
          },
          state: { ...own, ...state },
          port: {
            ...own,
            type: 'number',
            requiresArg: true,
            describe: 'Port of the page; 0 for any free one',
          },
          open: {
            ...own,
            type: 'boolean',
            default: true,
            describe: 'Open the page in a browser (--no-open to skip)',
          },
          plain: {
            ...own,
            ...flag,
            describe: 'Plain lines: words instead of symbols, and no keyboard shortcuts',
          },
          auto: {
            ...own,
            ...flag,
            describe: 'Play all lessons, or the one named by --lesson, and report the results',
          },
          mistakes: { ...own, ...flag, describe: 'With --auto: also make every known mistake' },
          defect: {
            ...own,
            ...repeatable,
            describe: 'With --auto: run the sandbox with this defect or variant; repeatable',
          },
          json: { ...own, ...flag, describe: 'With --auto: print JSON' },
          color: { ...own, ...color },
        })
        .command(
          'env',
          'Print the running tutorial\'s values for a shell: eval "$(… env)"',
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
          'starter <dir>',
          'Write a small app to start from: one file that needs only Node',
          (starter) =>
            starter.positional('dir', {
              type: 'string',
              demandOption: true,
              describe: 'The folder to write it into',
            }),
          async ({ dir }) => {
            const { writeStarter } = await import('../tutorial/starter.js');
            end(writeStarter(dir, screen));
          },
        )
        .command(
          'test-app [url]',
          'Test your own app with responses that are wrong on purpose',
          (test) =>
            test
              .positional('url', {
                type: 'string',
                describe: 'The address of your app that starts a sign-in',
              })
              .options({ state, color }),
          async ({ state: file, url }) => {
            const { testApp } = await import('../tutorial/test-app.js');
            end(await testApp({ state: file, url }, screen));
          },
        )
        .command(
          'verify-with [verifier..]',
          'Try your own verifier on valid and altered ID Tokens: verify-with -- CMD',
          (verify) =>
            verify
              .positional('verifier', { type: 'string', array: true, describe: 'The program, after --' })
              .options({ state, color }),
          async ({ state: file, verifier, _: rest }) => {
            const { tryVerifier } = await import('../tutorial/try-verifier.js');
            // What follows the two dashes comes after the names of the commands.
            const command = [...(verifier ?? []), ...rest.slice(COMMANDS).map(String)];
            end(await tryVerifier({ state: file, command }, screen));
          },
        ),
    async ({ defect, ...given }) => {
      const { tutorial } = await import('../commands/tutorial.js');
      end(await tutorial({ ...given, defects: defect ?? [] }, screen));
    },
  );
}
