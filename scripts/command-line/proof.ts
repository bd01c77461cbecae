/** `prove`: the reference server, broken and whole. */
import type { Argv } from 'yargs';
import { UsageError } from '../../fixtures/errors.js';
import type { Screen } from '../screen.js';
import { flag, repeatable, single } from './options.js';

export function addProofCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'prove [ids..]',
    'Prove that each check fails on a server that breaks its rule, and passes on one that follows it',
    (command) =>
      command
        .positional('ids', {
          type: 'string',
          array: true,
          describe: 'Requirements to prove; all of them if you name none',
        })
        .options({
          chapter: { ...repeatable, describe: 'Only this chapter; repeatable' },
          variants: {
            ...flag,
            describe: 'Also judge deviations that a clause allows; none of them may fail',
          },
          matrix: { ...flag, describe: 'Show what else fails on each defect; takes minutes' },
          browser: { ...single, describe: 'Path of the browser' },
          json: { ...flag, describe: 'Print JSON' },
        }),
    async ({ ids, chapter, variants, matrix, browser, json }) => {
      if (matrix && variants)
        throw new UsageError("--matrix and --variants can't be combined: use one of them.");
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
