/**
 * Nothing secret is ever shown: a sandbox that repeats every secret it meets is judged, and everything the command
 * writes is searched for every secret that the sandbox knows to have met.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defects } from '../../../fixtures/sandbox/defects/index.js';
import { createSandbox, type Deviation, type StoreData } from '../../../fixtures/sandbox/index.js';
import { EMPTY } from '../../../fixtures/sandbox/store/store.js';
import { firstTokens, USERS } from '../../../fixtures/sandbox/store/users.js';
import { CliRunner, type Ended } from '../cli.js';
import { hostile, puzzling } from './hostile.js';
import { SecretCollector } from './secret-collector.js';
import { Search, saidInEveryWay } from './spellings.js';

/** Among these are checks of every kind that handles a secret, and of every way to send one. */
const SELECTED = [
  'client-register',
  'client-read',
  'client-update',
  'client-settings-fields',
  'authz-code-response',
  'authz-response-mode',
  'authz-error-response',
  'authz-id-token-hint',
  'consent-asked',
  'consent-wrong-password',
  'consent-no-secrets',
  'consent-login-csrf',
  'consent-csrf-cross-site',
  'consent-session-fixation',
  'consent-xss-parameters',
  'token-exchange',
  'token-auth-basic',
  'token-auth-basic-wrong',
  'token-auth-post-wrong',
  'token-auth-two-methods',
  'token-credentials-in-query',
  'token-get-refused',
  'token-code-single-use',
  'token-error-format',
  'token-id-token',
  'idtoken-signature',
  'refresh-works',
  'refresh-reuse-revokes',
  'refresh-access-token-refused',
  'pkce-s256',
  'pkce-verifier-wrong',
  'pkce-verifier-syntax',
  'org-token',
  'api-bearer',
  'api-query-token',
  'api-malformed-header',
  'api-invalid-token',
  'pat-accepted',
  'pat-revoked',
  'pat-shown-once',
  'pat-invalid',
  'revoke-refresh-token',
  'introspect-active',
  'introspect-unknown',
  'userinfo-get',
];
const BROKEN = [
  'authz-code-response',
  'consent-no-secrets',
  'consent-xss-parameters',
  'token-get-refused',
  'token-code-single-use',
  'api-query-token',
  'pat-shown-once',
  'refresh-reuse-revokes',
];

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

const KINDS = [
  'client secret',
  'registration access token',
  'initial access token',
  'code',
  'code_verifier',
  'access token',
  'access token of an organization',
  'refresh token',
  'signature of an ID Token',
  'personal access token',
  'session cookie',
  'form token',
  'password',
];

const cli = new CliRunner();
after(() => cli.remove());
const summary = join(cli.folder, 'summary.md');

interface Looked {
  readonly witness: SecretCollector;
  readonly ended: Ended;
}

/** Judges a sandbox with these deviations, which tells the witness everything. */
async function judged(
  deviations: readonly Deviation[],
  args: readonly string[],
  out: string,
  env: NodeJS.ProcessEnv = {},
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
    const { ended } = cli.start([...args, file, ...(args[0] === 'run' ? ['--out', out] : [])], {
      ...env,
      GITHUB_STEP_SUMMARY: summary,
    });
    const described = await ended;
    await collector.settled();
    return { witness: collector, ended: described };
  } finally {
    await listening.close();
  }
}

/** Folders and files that others could read while the run was under way, looked for at each exchange. */
const readableByOthers = new Set<string>();
/** The run's private folders that were looked at. */
const privateFolders = new Set<string>();

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
function written(): ReadonlyMap<string, string> {
  const files = cli.left().filter((name) => statSync(join(cli.cwd, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(cli.cwd, name), 'utf8')]));
}

function nothingFound({ witness: collector, ended }: Looked): void {
  const search = new Search(collector.secrets);
  const places = new Map([
    ['standard output', ended.stdout],
    ['standard error', ended.stderr],
    ['the summary', readFileSync(summary, { encoding: 'utf8', flag: 'a+' })],
    ...written(),
  ]);
  const found = [...places].flatMap(([name, text]) => search.in(text).map((line) => `${name}: ${line}`));
  assert.deepEqual(found.slice(0, 12), [], `${found.length} places`);
}

describe('secrets', () => {
  const selection = SELECTED.flatMap((id) => ['--only', id]);
  let checked: Looked;
  before(async () => {
    const broken = defects.filter(({ breaks, path }) => path === undefined && BROKEN.includes(breaks));
    const formats = ['json=reports/r.json', 'junit=reports/r.xml', 'html=reports/r.html'];
    const reports = [...formats, 'markdown=reports/r.md'].flatMap((format) => ['--report', format]);
    checked = await judged([...broken, hostile], ['run', ...selection, ...reports], 'out');
  });

  it('would be found in any spelling', () => {
    const secret = 'polar_at_u_Zk39vQ7xLm2Rt5Yb8Nc1Wd4';
    const search = new Search(new Map([[secret, 'access token']]));
    for (const printed of saidInEveryWay(secret))
      assert.equal(search.in(`a ${printed} b`).length > 0, true, printed);
    assert.deepEqual(search.in(`${secret.slice(0, 11)} and ‹access_token 1234›`), []);
  });

  it('are of every kind, in a run with many failures', () => {
    assert.equal(checked.ended.code, 1, checked.ended.stdout + checked.ended.stderr);
    const failing = new Set(checked.ended.stdout.match(/^(?:FAIL|WARN) \S+/gm));
    for (const id of BROKEN)
      assert.ok(failing.has(`FAIL ${id}`) || failing.has(`WARN ${id}`), `${id} is not red`);
    const kinds = [...checked.witness.secrets.values()];
    for (const kind of KINDS)
      assert.ok(
        kinds.some((one) => one.startsWith(kind)),
        `no ${kind}`,
      );
  });

  it('appear in nothing the run wrote', () => {
    const files = written();
    for (const name of [
      'out/last.json',
      'reports/r.json',
      'reports/r.xml',
      'reports/r.html',
      'reports/r.md',
    ]) {
      assert.ok((files.get(name)?.length ?? 0) > 1_000, `${name} says little`);
    }
    nothingFound(checked);
  });

  it('are only in folders of their owner during the run, and gone afterwards', () => {
    const names = [...privateFolders];
    assert.ok(
      names.some((name) => name.startsWith('polar-conformance-')),
      names.join(', '),
    );
    assert.deepEqual([...readableByOthers], []);
    assert.deepEqual(cli.leftTemporary(), []);
    assert.deepEqual(cli.processes(), []);
  });

  it('leave everything else readable', () => {
    const text = written().get('out/last.json') ?? '';
    assert.match(text, /[?&]state=[\w-]{16,}/);
    assert.match(text, /[?&]nonce=[\w-]{16,}/);
    assert.match(text, /client_id=polar_ci_\w+/);
    // Of an ID Token the claims stay.
    assert.match(text, /eyJ[\w-]+\.eyJ[\w-]+\.‹/);
  });

  for (const more of [['--json'], ['--quiet']]) {
    it(`appear in nothing with ${more.join(' ')}`, async () => {
      const few = ['token-auth-basic-wrong', 'token-get-refused', 'authz-code-response'];
      const broken = defects.filter(({ breaks, path }) => path === undefined && few.includes(breaks));
      const ids = few.flatMap((id) => ['--only', id]);
      const again = await judged([...broken, hostile], ['run', ...ids, ...more], `out${more.join('')}`);
      assert.equal(again.ended.code, 1, again.ended.stderr);
      nothingFound(again);
    });
  }

  it("aren't in the sentence about an unrecognized page", async () => {
    const stopped = await judged([puzzling], ['run', '--only', 'token-exchange'], 'puzzled');
    assert.equal(stopped.ended.code, 3, stopped.ended.stdout);
    assert.match(stopped.ended.stderr, /page/);
    assert.ok([...written().keys()].some((name) => /^puzzled\/pages\/.*\.png$/.test(name)));
    assert.equal(statSync(join(cli.cwd, 'puzzled/pages')).mode & 0o777, 0o700);
    nothingFound(stopped);
  });

  it("aren't in a fault's details, which are private to their owner", async () => {
    const module = join(cli.folder, 'talkative.mjs');
    writeFileSync(
      module,
      `import { readFileSync } from 'node:fs';
       const run = process.env.POLAR_CONFORMANCE_RUN;
       if (run !== undefined) throw new Error('All I know: ' + readFileSync(run, 'utf8'));`,
    );
    // An engine that uses a browser is a process of its own, which reads the run's file.
    const ids = ['--only', 'authz-state-echo'];
    const fault = await judged([], ['run', ...ids], 'fault', { NODE_OPTIONS: `--import=${module}` });
    assert.equal(fault.ended.code, 70, fault.ended.stdout);
    assert.match(written().get('fault/fault.txt') ?? '', /All I know: .*"password":"‹password of the first/s);
    assert.equal(statSync(join(cli.cwd, 'fault/fault.txt')).mode & 0o777, 0o600);
    nothingFound(fault);
  });

  it("aren't in doctor's findings", async () => {
    const examined = await judged([puzzling, hostile], ['doctor'], 'doctor');
    assert.equal(examined.ended.code, 3, examined.ended.stdout);
    nothingFound(examined);
  });
});

describe('error texts', () => {
  const secret = 'p4ssw0rd-that-nobody-may-read';
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const issuer = 'http://127.0.0.1:9';
  const FILES: readonly (readonly [string, unknown])[] = [
    ['of a wrong type', { issuer, people: { first: { username: 'alice', password: [secret] } } }],
    ['in the wrong place', { issuer, registration: secret }],
    ['as a wrong choice', { issuer, registration: { as: secret } }],
    [
      'beside an unknown key',
      { issuer, clients: { first: { client_id: 'a', client_secret: secret, secrt: secret } } },
    ],
    ['in text that is no JSON', `{ "issuer": "${issuer}", "users": { "first": { "password": "${secret}" }`],
    [
      'in the path of a file',
      { issuer, tls: { ca: './nowhere.pem' }, clients: { first: { client_id: 'a', client_secret: secret } } },
    ],
    ['in the issuer', { issuer: `http://alice:${secret}@127.0.0.1:9` }],
    ['in the query of the discovery URL', { issuer, discovery: `${issuer}/.well-known/x?token=${secret}` }],
    ['where nothing listens', { issuer, people: { first: { username: 'alice', password: secret } } }],
  ];
  for (const [where, content] of FILES) {
    it(`don't repeat a secret ${where}`, async () => {
      writeFileSync(join(cli.cwd, 'mistaken.json'), text(content));
      const { code, stdout, stderr } = await cli.run('run', 'mistaken.json', '--only', 'discovery-document');
      assert.ok(code === 2 || code === 3, `${code}: ${stderr}`);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.deepEqual(new Search(new Map([[secret, 'password']])).in(stdout + stderr), []);
    });
  }

  it("don't repeat it from the command line", async () => {
    const { code, stdout, stderr } = await cli.start(['run', `http://alice:${secret}@127.0.0.1:9`]).ended;
    assert.ok(code === 2 || code === 3, stderr);
    assert.deepEqual(new Search(new Map([[secret, 'password']])).in(stdout + stderr), []);
  });
});
