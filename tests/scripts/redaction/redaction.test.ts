/**
 * Nothing secret is ever shown: a sandbox that repeats every secret it meets is judged, and everything the command
 * writes is searched for every secret that the sandbox knows to have met.
 */
import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { defects } from '../../../fixtures/sandbox/defects/index.js';
import { hostile, puzzling } from './hostile.js';
import {
  assertNothingFound,
  cli,
  type Looked,
  privateFolders,
  readableByOthers,
  readWritten,
  runWithSecrets,
} from './run-with-secrets.js';
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

describe('secrets', () => {
  const selection = SELECTED.flatMap((id) => ['--only', id]);
  let checked: Looked;
  before(async () => {
    const broken = defects.filter(({ breaks, path }) => path === undefined && BROKEN.includes(breaks));
    const formats = ['json=reports/r.json', 'junit=reports/r.xml', 'html=reports/r.html'];
    const reports = [...formats, 'markdown=reports/r.md'].flatMap((format) => ['--report', format]);
    checked = await runWithSecrets([...broken, hostile], ['run', ...selection, ...reports], 'out', {
      how: 'start',
    });
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
    const kinds = [...checked.collector.secrets.values()];
    for (const kind of KINDS)
      assert.ok(
        kinds.some((one) => one.startsWith(kind)),
        `no ${kind}`,
      );
  });

  it('appear in nothing the run wrote', () => {
    const files = readWritten();
    for (const name of [
      'out/last.json',
      'reports/r.json',
      'reports/r.xml',
      'reports/r.html',
      'reports/r.md',
    ]) {
      assert.ok((files.get(name)?.length ?? 0) > 1_000, `${name} says little`);
    }
    assertNothingFound(checked);
  });

  it('are only in folders of their owner during the run, and gone afterward', () => {
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
    const text = readWritten().get('out/last.json') ?? '';
    assert.match(text, /[?&]state=[\w-]{16,}/);
    assert.match(text, /[?&]nonce=[\w-]{16,}/);
    assert.match(text, /client_id=polar_ci_\w+/);
    // Of an ID Token the claims stay.
    assert.match(text, /eyJ[\w-]+\.eyJ[\w-]+\.‹/);
  });

  for (const more of [['--json'], ['--quiet']]) {
    it(`appear in nothing with ${more.join(' ')}`, async () => {
      const broken = defects.filter(({ breaks }) => breaks === 'client-no-store');
      const ids = ['--only', 'client-{no-store,read,update}'];
      const again = await runWithSecrets(
        [...broken, hostile],
        ['run', ...ids, ...more],
        `out${more.join('')}`,
      );
      assert.equal(again.ended.code, 1, again.ended.stderr);
      assertNothingFound(again);
    });
  }

  it("aren't in the sentence about an unrecognized page", async () => {
    const stopped = await runWithSecrets([puzzling], ['run', '--only', 'token-exchange'], 'puzzled');
    assert.equal(stopped.ended.code, 3, stopped.ended.stdout);
    assert.match(stopped.ended.stderr, /page/);
    assert.ok([...readWritten().keys()].some((name) => /^puzzled\/pages\/.*\.png$/.test(name)));
    assert.equal(statSync(join(cli.cwd, 'puzzled/pages')).mode & 0o777, 0o700);
    assertNothingFound(stopped);
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
    const fault = await runWithSecrets([], ['run', ...ids], 'fault', {
      env: { NODE_OPTIONS: `--import=${module}` },
      how: 'start',
    });
    assert.equal(fault.ended.code, 70, fault.ended.stdout);
    assert.match(
      readWritten().get('fault/fault.txt') ?? '',
      /All I know: .*"password":"‹password of the first/s,
    );
    assert.equal(statSync(join(cli.cwd, 'fault/fault.txt')).mode & 0o777, 0o600);
    assertNothingFound(fault);
  });

  it("aren't in doctor's findings", async () => {
    const examined = await runWithSecrets([puzzling, hostile], ['doctor'], 'doctor');
    assert.equal(examined.ended.code, 3, examined.ended.stdout);
    assertNothingFound(examined);
  });
});
