/** `init`: a target file from what a server publishes, without a secret, that `doctor` and `run` then take. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { createAuthority } from '../fixtures/certificates.js';
import { startReverseProxy } from '../fixtures/reverse-proxy.js';
import { CliRunner } from './cli.js';

const FILE = 'polar-conformance.json';
const cli = new CliRunner();
after(() => cli.remove());
const sandbox = createSandbox({});
let listening: Awaited<ReturnType<typeof sandbox.listen>>;
before(async () => {
  listening = await sandbox.listen();
});
after(() => listening.close());

const written = (name = FILE): Readonly<Record<string, unknown>> => {
  const value = cli.json(name);
  assert.ok(isObject(value));
  return value;
};

describe('init', () => {
  it("writes what's published, and uses environment variables for the rest", async () => {
    const { code, stdout, stderr } = await cli.run('init', listening.issuer);
    assert.equal(code, 0, stdout + stderr);
    // A path of this machine would be wrong in a file that is shared, so there is no $schema here.
    assert.deepEqual(written(), {
      name: new URL(listening.issuer).host,
      issuer: listening.issuer,
      profile: 'oidc',
      registration: { as: 'anonymous' },
      users: { first: { username: '$FIRST_USERNAME', password: '$FIRST_PASSWORD' } },
    });
    assert.match(stdout, /^ {2}FIRST_USERNAME\n {2}FIRST_PASSWORD$/m);
    assert.match(stdout, /^Then \d+ of \d+ requirements could be judged\.$/m);
    assert.match(stdout, /^ +\+\d+ {2}"users": \{"second": /m);
  });

  it('gives a file that works once its variables are set', async () => {
    const first = sandbox.target().users.first;
    const environment = { FIRST_USERNAME: first.username, FIRST_PASSWORD: first.password };
    assert.equal(loadTarget(join(cli.cwd, FILE), environment).users?.first?.password, first.password);
    const { code, stdout, stderr } = await cli.call(['doctor', FILE], environment);
    assert.equal(code, 0, stdout + stderr);
    const unset = await cli.run('doctor', FILE);
    assert.equal(unset.code, 2);
    assert.match(
      unset.stderr,
      /^2 environment variables that .* have no value: FIRST_USERNAME is not set .*, FIRST_PASSWORD is not set .*\.\n$/,
    );
  });

  it('never overwrites without --force', async () => {
    writeFileSync(join(cli.cwd, FILE), '{"issuer": "https://mine.example"}');
    const refused = await cli.run('init', listening.issuer);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /^polar-conformance\.json already exists\. --force overwrites it/);
    assert.deepEqual(written(), { issuer: 'https://mine.example' });
    const other = await cli.run('init', listening.issuer, '--out', 'other.json', '--profile', 'polar');
    assert.equal(other.code, 0, other.stderr);
    assert.equal(written('other.json').profile, 'polar');
    assert.equal((await cli.run('init', listening.issuer, '--force')).code, 0);
    assert.equal(written().issuer, listening.issuer);
  });

  it('adds the profile agents where the server lists protected resources', async () => {
    const served = await createSandbox({ agents: true }).listen();
    try {
      const { code, stdout } = await cli.run('init', served.issuer, '--out', 'agents.json');
      assert.equal(code, 0, stdout);
      assert.deepEqual(written('agents.json').profile, ['oidc', 'agents']);
      assert.match(stdout, /, profile oidc,agents\.$/m);
    } finally {
      await served.close();
    }
  });

  it('writes more parts when asked', async () => {
    const { code } = await cli.run(
      ...[
        'init',
        listening.issuer,
        '--out',
        'more.json',
        '--with',
        'users.second',
        '--with',
        'clients.first',
      ],
    );
    assert.equal(code, 0);
    const text = readFileSync(join(cli.cwd, 'more.json'), 'utf8');
    assert.match(text, /"password": "\$SECOND_PASSWORD"/);
    assert.match(text, /"client_secret": "\$FIRST_CLIENT_SECRET"/);
  });

  it('keeps the issuer of the document, and its location', async () => {
    const base = await startReverseProxy({ base: '/auth' });
    const found = `${new URL(base.issuer).origin}/.well-known/openid-configuration`;
    try {
      assert.equal((await cli.run('init', found, '--out', 'apart.json')).code, 0);
      const { issuer, discovery } = written('apart.json');
      assert.deepEqual({ issuer, discovery }, { issuer: base.issuer, discovery: found });
    } finally {
      await base.close();
    }
  });

  it('accepts your own certificate authority', async () => {
    const authority = await createAuthority();
    writeFileSync(join(cli.cwd, 'own.pem'), authority.cert);
    const reverseProxy = await startReverseProxy({ certificate: await authority.issue(['localhost']) });
    try {
      const without = await cli.run('init', reverseProxy.issuer, '--out', 'tls.json');
      assert.equal(without.code, 3);
      assert.match(without.stderr, /^The TLS certificate of localhost:\d+ is not trusted; .*tls\.ca.*\n$/);
      const { code, stderr } = await cli.run(
        'init',
        reverseProxy.issuer,
        '--out',
        'tls.json',
        '--ca',
        'own.pem',
      );
      assert.equal(code, 0, stderr);
      assert.deepEqual(written('tls.json').tls, { ca: './own.pem' });
    } finally {
      await reverseProxy.close();
    }
  });

  const REFUSED: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['no-url'], 2, /init needs a URL/],
    [['https://me:secret@auth.example'], 2, /contains credentials/],
    [['https://auth.example?token=1'], 2, /no query and no fragment/],
    [
      ['https://auth.example', '--with', 'users.secnd'],
      2,
      /no setting users\.secnd\. Did you mean users\.second\?/,
    ],
    [['https://auth.example', '--profile', 'pola'], 2, /must be one of oauth, oidc, polar/],
    [['https://auth.example', '--ca', 'none.pem'], 2, /that file can't be read/],
    [['http://localhost:9'], 3, /^Nothing listens at localhost:9: correct host and port/],
  ];
  for (const [args, code, sentence] of REFUSED) {
    it(`refuses: ${args.join(' ')}`, async () => {
      const ended = await cli.run('init', ...args, '--out', 'none.json');
      assert.equal(ended.code, code, ended.stdout + ended.stderr);
      assert.match(ended.stderr, sentence);
      assert.equal(ended.stderr.trim().split('\n').length, 1);
      assert.ok(!existsSync(join(cli.cwd, 'none.json')));
    });
  }
});
