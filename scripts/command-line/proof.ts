/** `prove`: the reference server, broken and whole. */
import type { Argv } from 'yargs';
import { UsageError } from '../../fixtures/errors.js';
import type { Screen } from '../screen.js';
import { flag, repeatable, single } from './options.js';

export function addProofCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'prove [ids..]',
    'Show that each check fails on a server that breaks its rule, and only then',
    (command) =>
      command
        .positional('ids', { type: 'string', array: true, describe: 'Requirements; none means all' })
        .options({
          chapter: { ...repeatable, describe: 'Only this chapter; repeatable' },
          variants: { ...flag, describe: 'Also judge deviations that a clause allows: nothing may turn red' },
          matrix: { ...flag, describe: 'Show what else each defect turns red; takes minutes' },
          browser: { ...single, describe: 'Path of a browser' },
          json: { ...flag, describe: 'As JSON' },
        }),
    async ({ ids, chapter, variants, matrix, browser, json }) => {
      if (matrix && variants) throw new UsageError('--matrix and --variants are two questions: ask one.');
      const { prove } = await import('../commands/prove.js');
      const code = await prove({
        ids: ids ?? [],
        chapters: chapter ?? [],
        variants: variants ? 'also' : 'none',
        variantIds: [],
        matrix,
        browser,
        json,
        print: (line) => screen.print(`${line}\n`),
      });
      end(code);
    },
  );
}
