/** Commands that show the catalog. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, flag, PROFILE_HELP, repeatable, single } from './options.js';

export function addCatalogCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'list',
    'Show the catalog of requirements',
    (command) =>
      command.options({
        chapter: { ...repeatable, describe: 'Only this chapter; repeatable' },
        clause: { ...repeatable, describe: 'Only requirements of this clause: "RFC 6749#4.1.2"' },
        profile: { ...single, default: 'polar,agents', describe: PROFILE_HELP },
        json: { ...flag, describe: 'Print JSON' },
        color,
      }),
    async ({ chapter, clause, profile, json, color: colored }) => {
      const [{ list }, { parseProfile: profileOf }] = await Promise.all([
        import('../commands/list.js'),
        import('../run/options.js'),
      ]);
      const selection = { chapters: chapter ?? [], clauses: clause ?? [] };
      end(list({ selection, profile: profileOf(profile), json, color: colored }, screen));
    },
  );
  cli.command(
    'explain <name>',
    'Explain a requirement, or a chapter and its scenario',
    (command) =>
      command
        .positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'ID of a requirement or chapter',
        })
        .options({ json: { ...flag, describe: 'Print JSON' }, color }),
    async ({ name, json, color: colored }) => {
      const { explain } = await import('../commands/explain.js');
      end(explain({ name, json, color: colored }, screen));
    },
  );
}
