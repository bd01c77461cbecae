/** Every command with its options, as yargs declares them; the work is in scripts/commands. */
import type { Argv } from 'yargs';
import { UsageError } from '../fixtures/problem.js';
import type { Screen } from './screen.js';
import { yargsSentence } from './usage.js';

export const DEFAULT_OUT = '.polar-conformance';
export const DEFAULT_TARGET_FILE = 'polar-conformance.json';
const WIDEST = 100;

/**
 * @param words what was typed
 * @param version what --version says
 * @param end takes the exit code of the command that ran
 */
export function commandLine(
  start: Argv,
  words: readonly string[],
  version: string,
  screen: Screen,
  end: (code: number) => void,
): Argv {
  const cli = start
    .scriptName('polar-conformance')
    .usage('$0 <command>\n\nJudges how a server authenticates API requests, requirement by requirement.')
    .epilogue('Exit codes: 0 conforming, 1 not conforming, 2 usage, 3 could not judge, 70 a fault of ours.')
    .wrap(Math.min(WIDEST, screen.width))
    .help()
    .alias('help', 'h')
    // Without our own, yargs would tell the version of the package that we are installed in.
    .version(version)
    .strict()
    .demandCommand(
      1,
      'Name a command: run, init, doctor, login, list, explain, prove, compare, merge or sandbox; --help tells more.',
    )
    .recommendCommands()
    .exitProcess(false)
    .fail((message: string | undefined, error: Error | undefined) => {
      // Its own complaints come either way; what a command threw is passed on.
      if (error !== undefined && error.name !== 'YError') throw error;
      throw new UsageError(yargsSentence(message ?? error?.message ?? '', words, start));
    });
  runCommand(cli, screen, end);
  targetCommands(cli, screen, end);
  catalogueCommands(cli, screen, end);
  loginCommand(cli, screen, end);
  proveCommand(cli, screen, end);
  reportCommands(cli, screen, end);
  return cli;
}

const many = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;
const one = { type: 'string', requiresArg: true } as const;
const flag = { type: 'boolean', default: false } as const;
const color = { type: 'boolean', default: true, describe: 'Colours; --no-color for none' } as const;

function runCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'run [target]',
    'Judge a server; without a target, the sandbox',
    (command) =>
      command
        .positional('target', {
          type: 'string',
          describe: "A target file, or the issuer's URL; nothing is the sandbox",
        })
        .options({
          only: {
            ...many,
            describe: 'Judge this requirement (id or glob); repeatable',
            group: 'What is judged:',
          },
          skip: {
            ...many,
            describe: 'Leave this one out (id or glob); repeatable',
            group: 'What is judged:',
          },
          chapter: { ...many, describe: 'Judge this chapter; repeatable', group: 'What is judged:' },
          level: { ...many, describe: 'MUST, SHOULD or MAY; repeatable', group: 'What is judged:' },
          clause: {
            ...many,
            describe: 'Judge what this clause says: "RFC 6749#4.1.2"',
            group: 'What is judged:',
          },
          profile: { ...one, describe: 'oidc or polar', group: 'What is judged:' },
          failed: {
            type: 'string',
            describe: 'Only what failed last time (or in this report)',
            group: 'What is judged:',
          },
          defect: {
            ...many,
            describe: 'Break this rule of the sandbox; repeatable',
            group: 'What is judged:',
          },
          browser: { ...one, describe: 'Path of a browser; --no-browser for none', group: 'How:' },
          headed: { ...flag, describe: 'Show the browser', group: 'How:' },
          workers: {
            type: 'number',
            requiresArg: true,
            default: 2,
            describe: 'Checks at the same time',
            group: 'How:',
          },
          shard: { ...one, describe: 'Judge one part of what is selected: 1/3', group: 'How:' },
          order: { ...one, describe: 'Another order of the checks, by this seed', group: 'How:' },
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
          'dry-run': { ...flag, describe: 'List what would be judged and sent; send nothing', group: 'How:' },
          json: {
            ...flag,
            describe: 'The report, and nothing else, on standard output',
            group: 'What comes out:',
          },
          report: {
            ...many,
            describe: 'FORMAT=FILE writes it there too (json, junit, html, markdown)',
            group: 'What comes out:',
          },
          out: { ...one, default: DEFAULT_OUT, describe: 'Folder for last.json', group: 'What comes out:' },
          trace: {
            ...one,
            describe: "Folder for Playwright's traces of red checks; they hold live secrets",
            group: 'What comes out:',
          },
          quiet: { ...flag, describe: 'Only what is red, and the verdict', group: 'What comes out:' },
          color: { ...color, group: 'What comes out:' },
          strict: { ...flag, describe: 'Warnings decide as failures do', group: 'What decides:' },
          'allow-incomplete': {
            ...flag,
            describe: 'What there were no means to test does not hold back exit code 0',
            group: 'What decides:',
          },
        }),
    async (given) => {
      const { run } = await import('./commands/run.js');
      end(await run(given, screen));
    },
  );
}

function targetCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'init <url>',
    'Write a target file for a server, with all that it publishes',
    (command) =>
      command
        .positional('url', { type: 'string', demandOption: true, describe: "The issuer's URL" })
        .options({
          profile: { ...one, default: 'oidc', describe: 'oidc or polar' },
          out: { ...one, default: DEFAULT_TARGET_FILE, describe: 'The file to write' },
          with: {
            ...many,
            describe: 'Write this piece too, to be filled in: people.second, clients.first; repeatable',
          },
          ca: { ...one, describe: 'A PEM file with a certificate authority of your own' },
          force: { ...flag, describe: 'Replace a file that is there' },
        }),
    async ({ url, profile, out, with: pieces, ca, force }) => {
      const { init } = await import('./commands/init.js');
      end(await init({ url, profile, out, pieces: pieces ?? [], ca, force }, screen));
    },
  );
  cli.command(
    'doctor [target]',
    'Examine everything that a run stands on, and tell what could be judged',
    (command) =>
      command
        .positional('target', {
          type: 'string',
          describe: "A target file, or the issuer's URL; nothing is the sandbox",
        })
        .options({
          profile: { ...one, describe: 'oidc or polar' },
          browser: { ...one, describe: 'Path of a browser; --no-browser for none' },
          color,
        }),
    async ({ target, profile, browser, color: colored }) => {
      const { doctor } = await import('./commands/doctor.js');
      end(await doctor({ target, profile, browser, color: colored }, screen));
    },
  );
}

function loginCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'login [target]',
    'Sign in by hand in a visible browser, and keep the session for later runs',
    (command) =>
      command
        .positional('target', { type: 'string', describe: "A target file, a preset, or the issuer's URL" })
        .options({
          person: { ...one, default: 'first', describe: 'Who signs in: first or second' },
          browser: { ...one, describe: 'Path of a browser that can show a window' },
          headless: { ...flag, describe: 'No window: sign in by username and password of the target file' },
          timeout: { type: 'number', requiresArg: true, describe: 'Seconds until it gives up' },
        }),
    async (given) => {
      const { login } = await import('./commands/login.js');
      end(await login(given, screen));
    },
  );
}

function catalogueCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'list',
    'Show the catalogue of requirements',
    (command) =>
      command.options({
        chapter: { ...many, describe: 'Only this chapter; repeatable' },
        clause: { ...many, describe: 'Only what this clause says: "RFC 6749#4.1.2"' },
        profile: { ...one, default: 'polar', describe: 'oidc or polar' },
        json: { ...flag, describe: 'As JSON' },
        color,
      }),
    async ({ chapter, clause, profile, json, color: colored }) => {
      const [{ list }, { profileOf }] = await Promise.all([
        import('./commands/list.js'),
        import('./run/options.js'),
      ]);
      const selection = { chapters: chapter ?? [], clauses: clause ?? [] };
      end(list({ selection, profile: profileOf(profile), json, color: colored }, screen));
    },
  );
  cli.command(
    'explain <name>',
    "Tell all about a requirement, or a chapter's story",
    (command) =>
      command
        .positional('name', {
          type: 'string',
          demandOption: true,
          describe: 'Id of a requirement or chapter',
        })
        .options({ json: { ...flag, describe: 'As JSON' }, color }),
    async ({ name, json, color: colored }) => {
      const { explain } = await import('./commands/explain.js');
      end(explain({ name, json, color: colored }, screen));
    },
  );
}

function reportCommands(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'compare <old> <new>',
    'Show what is newly failing, fixed and newly not judged between two JSON reports',
    (command) =>
      command
        .positional('old', { type: 'string', demandOption: true, describe: 'The earlier report' })
        .positional('new', { type: 'string', demandOption: true, describe: 'The newer report' })
        .options({ json: { ...flag, describe: 'As JSON' }, color }),
    async ({ old, new: now, json, color: colored }) => {
      const { compare } = await import('./commands/compare.js');
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
          report: { ...many, describe: 'FORMAT=FILE writes it there too (json, junit, html, markdown)' },
          strict: { ...flag, describe: 'Warnings decide as failures do' },
          'allow-incomplete': { ...flag, describe: 'not-tested alone does not hold back exit code 0' },
          json: { ...flag, describe: 'The report, and nothing else, on standard output' },
          color,
        }),
    async ({ reports, report, strict, allowIncomplete, json, color: colored }) => {
      const { merge } = await import('./commands/merge.js');
      end(merge({ reports, files: report ?? [], strict, allowIncomplete, json, color: colored }, screen));
    },
  );
}

function proveCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'prove [ids..]',
    'Show that each check fails on a server that breaks its rule, and only then',
    (command) =>
      command
        .positional('ids', { type: 'string', array: true, describe: 'Requirements; none means all' })
        .options({
          chapter: { ...many, describe: 'Only this chapter; repeatable' },
          variants: { ...flag, describe: 'Also judge deviations that a clause allows: nothing may turn red' },
          matrix: { ...flag, describe: 'Show what else each defect turns red; takes minutes' },
          browser: { ...one, describe: 'Path of a browser' },
          json: { ...flag, describe: 'As JSON' },
        }),
    async ({ ids, chapter, variants, matrix, browser, json }) => {
      if (matrix && variants) throw new UsageError('--matrix and --variants are two questions: ask one.');
      const { prove } = await import('./commands/prove.js');
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
  cli.command(
    'sandbox',
    'Serve the reference server alone',
    (command) =>
      command.options({
        port: { type: 'number', requiresArg: true, default: 0, describe: '0 takes a free one' },
        defect: { ...many, describe: 'Break this rule of the sandbox; repeatable' },
        json: { ...flag, describe: 'Print the target file for it as one line of JSON' },
      }),
    async ({ port, defect, json }) => {
      const { sandbox } = await import('./commands/sandbox.js');
      end(await sandbox({ port, defects: defect ?? [], json }, screen));
    },
  );
}
