/** Commands on reports that are there. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, flag, repeatable, single } from './options.js';

export function addReportCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'compare <old> <new>',
    'Compare two JSON reports: newly failing, fixed, no longer judged',
    (command) =>
      command
        .positional('old', { type: 'string', demandOption: true, describe: 'The earlier report' })
        .positional('new', { type: 'string', demandOption: true, describe: 'The later report' })
        .options({ json: { ...flag, describe: 'Print JSON' }, color }),
    async ({ old, new: now, json, color: colored }) => {
      const { compare } = await import('../commands/compare.js');
      end(compare({ old, new: now, json, color: colored }, screen));
    },
  );
  cli.command(
    'merge <reports..>',
    'Merge the reports of all shards into one, with one verdict',
    (command) =>
      command
        .positional('reports', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'JSON reports to merge',
        })
        .options({
          report: {
            ...repeatable,
            describe: 'Also write the report: FORMAT=FILE (json, junit, html, markdown); repeatable',
          },
          baseline: { ...single, describe: 'File of known failures, each with a reason' },
          strict: { ...flag, describe: 'Warnings count as failures' },
          'allow-incomplete': { ...flag, describe: "Exit 0 even if some requirements couldn't be tested" },
          json: { ...flag, describe: 'Print the JSON report to standard output, and nothing else' },
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
