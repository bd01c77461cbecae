/** Runs a command on a sandbox that repeats every secret it meets, and searches what the command wrote for them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { createSandbox, type Deviation, type StoreData } from '../../../fixtures/sandbox/index.js';
import { EMPTY } from '../../../fixtures/sandbox/store/store.js';
import { firstTokens, USERS } from '../../../fixtures/sandbox/store/users.js';
import { CliRunner, type Ended } from '../cli.js';
import { SecretCollector } from './secret-collector.js';
import { Search } from './spellings.js';

/** Passwords with every character that some spelling writes in another way. */
const PASSWORDS = ['p<q&"r\'s+t/u%v=w alice 2026', 'bob\\pa55\\"word\'<&>+/%41-ü-long'] as const;
const INITIAL = 'initial/access+token~0123456789abcdef==';

function data(): StoreData {
  const users = USERS.map((user, index) => ({ ...user, password: PASSWORDS[index] ?? '' }));
  const letters = (length: number) =>
    Array.from({ length }, (_, at) => 'ZyXwVuTsRq9876543210'[(at * 7 + length) % 20]).join('');
  return {
    ...EMPTY,
    users,
    personalAccessTokens: distinct(
      firstTokens(users[0] ?? assert.fail('no user'), letters, Date.now(), [
        'openid',
        'email',
        'user:read',
        'organizations:read',
      ]),
    ),
  };
}

function distinct(tokens: StoreData['personalAccessTokens']): StoreData['personalAccessTokens'] {
  return tokens.map((token) => ({ ...token, id: token.comment, value: `${token.value}${token.comment}` }));
}

export const cli = new CliRunner();
after(() => cli.remove());
const summary = join(cli.folder, 'summary.md');

export interface Looked {
  readonly collector: SecretCollector;
  readonly ended: Ended;
}

/**
 * Judges a sandbox with these deviations, which tells the collector everything.
 * @param how by the real command, or by the command line's function in this process
 */
export async function runWithSecrets(
  deviations: readonly Deviation[],
  args: readonly string[],
  out: string,
  { env = {}, how = 'call' }: { readonly env?: NodeJS.ProcessEnv; readonly how?: 'call' | 'start' } = {},
): Promise<Looked> {
  const collector = new SecretCollector(() => inspectPermissions(cli.temporary));
  const sandbox = createSandbox({ deviations, data: data(), onExchange: collector.see, aging: true });
  const listening = await sandbox.listen();
  try {
    const settings = { ...sandbox.target(), registration: { as: { initial_access_token: INITIAL } } };
    for (const { password, username } of sandbox.snapshot().users)
      collector.learn(password, `password of ${username}`);
    for (const value of Object.values(settings.personalAccessTokens))
      collector.learn(value, 'personal access token');
    collector.learn(INITIAL, 'initial access token');
    const file = join(cli.folder, `${out}.json`);
    writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
    const words = [...args, file, ...(args[0] === 'run' ? ['--out', out] : [])];
    const variables = { ...env, GITHUB_STEP_SUMMARY: summary };
    const ended = await (how === 'call' ? cli.call(words, variables) : cli.start(words, variables).ended);
    await collector.settled();
    return { collector, ended };
  } finally {
    await listening.close();
  }
}

/** Folders and files that others could read while the run was under way, looked for at each exchange. */
export const readableByOthers = new Set<string>();
/** The run's private folders that were looked at. */
export const privateFolders = new Set<string>();

/** Collects folders, and files directly in them, that anybody but their owner may read. */
function inspectPermissions(folder: string): void {
  const inspect = (name: string) => {
    const mode = statSync(join(folder, name), { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) !== 0) readableByOthers.add(`${name} ${(mode & 0o777).toString(8)}`);
  };
  for (const name of readdirSync(folder)) {
    privateFolders.add(name);
    inspect(name);
    for (const entry of readdirSync(join(folder, name), { withFileTypes: true }))
      if (entry.isFile()) inspect(join(name, entry.name));
  }
}

/** Everything that the command wrote into its working folder, by name. */
export function readWritten(): ReadonlyMap<string, string> {
  const files = cli.left().filter((name) => statSync(join(cli.cwd, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(cli.cwd, name), 'utf8')]));
}

/** What earlier runs wrote: it can't have a secret of a later one. */
const searched = new Map<string, string>();

export function assertNothingFound({ collector, ended }: Looked): void {
  const search = new Search(collector.secrets);
  const places = new Map([
    ['standard output', ended.stdout],
    ['standard error', ended.stderr],
    ['the summary', readFileSync(summary, { encoding: 'utf8', flag: 'a+' })],
    ...[...readWritten()].filter(([name, text]) => searched.get(name) !== text),
  ]);
  for (const [name, text] of places) searched.set(name, text);
  const found = [...places].flatMap(([name, text]) => search.in(text).map((line) => `${name}: ${line}`));
  assert.deepEqual(found.slice(0, 12), [], `${found.length} places`);
}
