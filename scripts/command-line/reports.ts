/** Commands on reports that are there. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, flag, repeatable, single } from './options.js';

export function addReportCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'compare <old> <new>',
    'Show what is newly failing, fixed and newly not judged between two JSON reports',
    (command) =>
      command
        .positional('old', { type: 'string', demandOption: true, describe: 'The earlier report' })
        .positional('new', { type: 'string', demandOption: true, describe: 'The newer report' })
        .options({ json: { ...flag, describe: 'As JSON' }, color }),
    async ({ old, new: now, json, color: colored }) => {
      const { compare } = await import('../commands/compare.js');
      end(compare({ old, new: now, json, color: colored }, screen));
    },
  );
  cli.command(
    'merge <reports..>',
    'Make one report of those of all shards, with one verdict',
    (command) =>
      command
        .positional('reports', { type: 'string', array: true, demandOption: true, describe: 'JSON reports' })
        .options({
          report: {
            ...repeatable,
            describe: 'FORMAT=FILE writes it there too (json, junit, html, markdown)',
          },
          baseline: { ...single, describe: 'File of what is known, each with its reason' },
          strict: { ...flag, describe: 'Warnings decide as failures do' },
          'allow-incomplete': { ...flag, describe: 'not-tested alone does not hold back exit code 0' },
          json: { ...flag, describe: 'The report, and nothing else, on standard output' },
          color,
        }),
    async ({ reports, report, baseline, strict, allowIncomplete, json, color: colored }) => {
      const { merge } = await import('../commands/merge.js');
      end(
        merge(
          { reports, files: report ?? [], baseline, strict, allowIncomplete, json, color: colored },
          screen,
        ),
      );
    },
  );
}
