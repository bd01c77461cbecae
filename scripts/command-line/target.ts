/** Commands that prepare a run: a target file, its examination, a session. */
import type { Argv } from 'yargs';
import { chooseTarget, findTargetFile } from '../run/choose-target.js';
import { withTrustedAuthority } from '../run/trusted-authority.js';
import type { Screen } from '../screen.js';
import {
  color,
  DEFAULT_TARGET_FILE,
  flag,
  PROFILE_HELP,
  repeatable,
  single,
  TARGET_HELP,
} from './options.js';

/** @param words what was typed: a command may have to go on in another process */
export function addTargetCommands(
  cli: Argv,
  words: readonly string[],
  screen: Screen,
  end: (code: number) => void,
): void {
  cli.command(
    'init <url>',
    'Write a target file for a server from what it publishes',
    (command) =>
      command
        .positional('url', { type: 'string', demandOption: true, describe: "The issuer's URL" })
        .options({
          profile: { ...single, describe: PROFILE_HELP },
          out: { ...single, default: DEFAULT_TARGET_FILE, describe: 'The file to write' },
          with: {
            ...repeatable,
            describe: 'Also add this setting to fill in: users.second, clients.first; repeatable',
          },
          ca: { ...single, describe: 'PEM file with your own certificate authority' },
          force: { ...flag, describe: 'Overwrite an existing file' },
        }),
    async ({ url, profile, out, with: pieces, ca, force }) => {
      const { init } = await import('../commands/init.js');
      end(await init({ url, profile, out, pieces: pieces ?? [], ca, force }, screen));
    },
  );
  cli.command(
    'doctor [target]',
    'Check everything a run needs, and say what could be judged',
    (command) =>
      command
        .positional('target', {
          type: 'string',
          describe: TARGET_HELP,
        })
        .options({
          profile: { ...single, describe: PROFILE_HELP },
          browser: { ...single, describe: 'Path of the browser; --no-browser to use none' },
          color,
        }),
    async ({ target, profile, browser, color: colored }) => {
      const chosen = chooseTarget(target, []);
      end(
        await withTrustedAuthority(chosen ?? undefined, words, async () => {
          const { doctor } = await import('../commands/doctor.js');
          return doctor({ target: chosen, profile, browser, color: colored }, screen);
        }),
      );
    },
  );
}

/** @param words what was typed: the command may have to go on in another process */
export function addLoginCommand(
  cli: Argv,
  words: readonly string[],
  screen: Screen,
  end: (code: number) => void,
): void {
  cli.command(
    'login [target]',
    'Sign in by hand in a visible browser, and save the session for later runs',
    (command) =>
      command
        .positional('target', {
          type: 'string',
          describe: `A target file, a preset, or the issuer's URL; by default ${DEFAULT_TARGET_FILE}`,
        })
        .options({
          user: { ...single, default: 'first', describe: 'Which user signs in: first or second' },
          browser: { ...single, describe: 'Path of a browser that can show a window' },
          headless: {
            ...flag,
            describe: 'Show no window; sign in with the username and password of the target file',
          },
          timeout: { type: 'number', requiresArg: true, describe: 'Time limit in seconds' },
        }),
    async (given) => {
      const target = given.target ?? findTargetFile();
      end(
        await withTrustedAuthority(target, words, async () => {
          const { login } = await import('../commands/login.js');
          return login({ ...given, target }, screen);
        }),
      );
    },
  );
}
