/** `run` with all its options. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, DEFAULT_OUT, flag, PROFILE_HELP, repeatable, single, TARGET_HELP } from './options.js';

export function addRunCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'run [target]',
    'Judge a server: by default the one in polar-conformance.json, else the built-in sandbox',
    (command) =>
      command
        .positional('target', {
          type: 'string',
          describe: TARGET_HELP,
        })
        .options({
          only: {
            ...repeatable,
            describe: 'Judge only this requirement (ID or glob); repeatable',
            group: 'What to judge:',
          },
          skip: {
            ...repeatable,
            describe: 'Skip this requirement (ID or glob); repeatable',
            group: 'What to judge:',
          },
          chapter: {
            ...repeatable,
            describe: 'Judge only this chapter; repeatable',
            group: 'What to judge:',
          },
          level: {
            ...repeatable,
            describe: 'Judge only this level: MUST, SHOULD or MAY; repeatable',
            group: 'What to judge:',
          },
          clause: {
            ...repeatable,
            describe: 'Judge only requirements of this clause: "RFC 6749#4.1.2"',
            group: 'What to judge:',
          },
          profile: { ...single, describe: PROFILE_HELP, group: 'What to judge:' },
          failed: {
            type: 'string',
            describe: 'Only what failed last time (or in this report)',
            group: 'What to judge:',
          },
          defect: {
            ...repeatable,
            describe: 'Make the sandbox break this rule; repeatable',
            group: 'What to judge:',
          },
          browser: {
            ...single,
            describe: 'Path of the browser; --no-browser to use none',
            group: 'How to run:',
          },
          headed: { ...flag, describe: 'Show the browser', group: 'How to run:' },
          workers: {
            type: 'number',
            requiresArg: true,
            describe: 'Checks that run at the same time; by default 2, and up to 16 at a slow server',
            group: 'How to run:',
          },
          shard: { ...single, describe: 'Judge one part of the selection: 1/3', group: 'How to run:' },
          order: { ...single, describe: 'Shuffle the checks with this seed', group: 'How to run:' },
          timeout: {
            type: 'number',
            requiresArg: true,
            describe: 'Time limit of each check, in seconds',
            group: 'How to run:',
          },
          'max-wait': {
            type: 'number',
            requiresArg: true,
            describe: 'Longest wait for something to expire, in seconds',
            group: 'How to run:',
          },
          rate: {
            type: 'number',
            requiresArg: true,
            describe: "Requests per second over all checks; 5 by default if the server isn't on this machine",
            group: 'How to run:',
          },
          intrusive: {
            ...flag,
            describe: "Also send bursts and huge bodies to a server that isn't on this machine",
            group: 'How to run:',
          },
          thorough: {
            ...flag,
            describe: 'Open every page in the browser; never send a form again by HTTP',
            group: 'How to run:',
          },
          'dry-run': {
            ...flag,
            describe: 'List what would be judged and sent, but send nothing',
            group: 'How to run:',
          },
          json: {
            ...flag,
            describe: 'Print the JSON report to standard output, and nothing else',
            group: 'Output:',
          },
          report: {
            ...repeatable,
            describe: 'Also write the report: FORMAT=FILE (json, junit, html, markdown); repeatable',
            group: 'Output:',
          },
          out: {
            ...single,
            default: DEFAULT_OUT,
            describe: 'Folder for last.json',
            group: 'Output:',
          },
          trace: {
            ...single,
            describe: 'Folder for Playwright traces of failed checks; they hold live secrets',
            group: 'Output:',
          },
          quiet: { ...flag, describe: 'Print only failures and the verdict', group: 'Output:' },
          color: { ...color, group: 'Output:' },
          baseline: {
            ...single,
            describe: 'File of known failures, each with a reason',
            group: 'Verdict:',
          },
          'update-baseline': {
            ...flag,
            describe: 'Write the failures of this run to the baseline; keeps your reasons',
            group: 'Verdict:',
          },
          strict: { ...flag, describe: 'Warnings count as failures', group: 'Verdict:' },
          'allow-incomplete': {
            ...flag,
            describe: "Exit 0 even if some requirements couldn't be tested",
            group: 'Verdict:',
          },
        }),
    async (given) => {
      const { run } = await import('../commands/run.js');
      end(await run(given, screen));
    },
  );
}
