/** `run` with all its options. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { color, DEFAULT_OUT, flag, PROFILE_HELP, repeatable, single, TARGET_HELP } from './options.js';

export function addRunCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'run [target]',
    'Judge a server; by default the one of polar-conformance.json, else the built-in sandbox',
    (command) =>
      command
        .positional('target', {
          type: 'string',
          describe: TARGET_HELP,
        })
        .options({
          only: {
            ...repeatable,
            describe: 'Judge this requirement (id or glob); repeatable',
            group: 'What is judged:',
          },
          skip: {
            ...repeatable,
            describe: 'Leave this one out (id or glob); repeatable',
            group: 'What is judged:',
          },
          chapter: { ...repeatable, describe: 'Judge this chapter; repeatable', group: 'What is judged:' },
          level: { ...repeatable, describe: 'MUST, SHOULD or MAY; repeatable', group: 'What is judged:' },
          clause: {
            ...repeatable,
            describe: 'Judge what this clause says: "RFC 6749#4.1.2"',
            group: 'What is judged:',
          },
          profile: { ...single, describe: PROFILE_HELP, group: 'What is judged:' },
          failed: {
            type: 'string',
            describe: 'Only what failed last time (or in this report)',
            group: 'What is judged:',
          },
          defect: {
            ...repeatable,
            describe: 'Break this rule of the sandbox; repeatable',
            group: 'What is judged:',
          },
          browser: { ...single, describe: 'Path of a browser; --no-browser for none', group: 'How:' },
          headed: { ...flag, describe: 'Show the browser', group: 'How:' },
          workers: {
            type: 'number',
            requiresArg: true,
            default: 2,
            describe: 'Checks at the same time',
            group: 'How:',
          },
          shard: { ...single, describe: 'Judge one part of what is selected: 1/3', group: 'How:' },
          order: { ...single, describe: 'Another order of the checks, by this seed', group: 'How:' },
          timeout: { type: 'number', requiresArg: true, describe: 'Seconds for each check', group: 'How:' },
          'max-wait': {
            type: 'number',
            requiresArg: true,
            describe: 'Seconds that may be waited for something to expire',
            group: 'How:',
          },
          rate: {
            type: 'number',
            requiresArg: true,
            describe: 'Requests a second over all workers; 5 where the server is not on this machine',
            group: 'How:',
          },
          intrusive: {
            ...flag,
            describe: 'Send bursts and huge bodies to a server elsewhere too',
            group: 'How:',
          },
          thorough: {
            ...flag,
            describe: 'Open every page in the browser: send no form again by HTTP',
            group: 'How:',
          },
          'dry-run': { ...flag, describe: 'List what would be judged and sent; send nothing', group: 'How:' },
          json: {
            ...flag,
            describe: 'The report, and nothing else, on standard output',
            group: 'What comes out:',
          },
          report: {
            ...repeatable,
            describe: 'FORMAT=FILE writes it there too (json, junit, html, markdown)',
            group: 'What comes out:',
          },
          out: {
            ...single,
            default: DEFAULT_OUT,
            describe: 'Folder for last.json',
            group: 'What comes out:',
          },
          trace: {
            ...single,
            describe: "Folder for Playwright's traces of red checks; they hold live secrets",
            group: 'What comes out:',
          },
          quiet: { ...flag, describe: 'Only what is red, and the verdict', group: 'What comes out:' },
          color: { ...color, group: 'What comes out:' },
          baseline: {
            ...single,
            describe: 'File of what is known, each with its reason',
            group: 'What decides:',
          },
          'update-baseline': {
            ...flag,
            describe: 'Write what was found into it; reasons are kept',
            group: 'What decides:',
          },
          strict: { ...flag, describe: 'Warnings decide as failures do', group: 'What decides:' },
          'allow-incomplete': {
            ...flag,
            describe: 'What there were no means to test does not hold back exit code 0',
            group: 'What decides:',
          },
        }),
    async (given) => {
      const { run } = await import('../commands/run.js');
      end(await run(given, screen));
    },
  );
}
