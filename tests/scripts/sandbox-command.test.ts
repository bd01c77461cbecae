/** The sandbox command: flags, a configuration file, --explain, the ready line, and its end with its parent. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../fixtures/errors.js';
import { checkConfiguration, explainExchange, InvalidInput } from '../../fixtures/sandbox/index.js';
import { readConfiguration } from '../../scripts/sandbox-configuration.js';
import { mergeFlags, parseClient, parseUser, type SandboxFlags } from '../../scripts/sandbox-flags.js';
import { sandboxWith } from '../sandbox/browser.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CLI = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));

const NONE: SandboxFlags = {
  client: [],
  postLogoutRedirectUri: [],
  user: [],
  scope: [],
  lifetime: [],
  issuer: undefined,
  clientAuthentication: undefined,
  redirectUris: undefined,
  introspection: undefined,
  consent: undefined,
  endSession: false,
  allowHost: [],
  authorizationServerMetadata: false,
  agents: false,
};

describe('flags of the sandbox', () => {
  it('describe clients and users', () => {
    assert.deepEqual(parseClient('app:secret:http://localhost:3000/a,http://localhost:3000/b'), {
      client_id: 'app',
      client_secret: 'secret',
      redirect_uris: ['http://localhost:3000/a', 'http://localhost:3000/b'],
    });
    assert.deepEqual(parseClient('spa::http://localhost:5173/'), {
      client_id: 'spa',
      redirect_uris: ['http://localhost:5173/'],
    });
    assert.deepEqual(parseClient('api:secret'), { client_id: 'api', client_secret: 'secret' });
    assert.deepEqual(parseUser('ada:a:b'), { username: 'ada', password: 'a:b' });
    assert.throws(() => parseClient('app'), UsageError);
  });

  it('are added to a file, or take its place', () => {
    const file = checkConfiguration({
      clients: [{ client_id: 'one' }],
      consent: 'always',
      lifetimes: { code: 9 },
    });
    const merged = mergeFlags(file, {
      ...NONE,
      client: ['two'.concat(':x')],
      consent: 'never',
      lifetime: ['accessToken=60'],
    });
    assert.deepEqual(merged, {
      clients: [{ client_id: 'one' }, { client_id: 'two', client_secret: 'x' }],
      consent: 'never',
      lifetimes: { code: 9, accessToken: 60 },
    });
    assert.deepEqual(mergeFlags({}, NONE), {});
  });

  it('name where users may go after a logout, for each client, and turn logout on', () => {
    const postLogoutRedirectUri = ['http://localhost:3000/bye'];
    assert.deepEqual(mergeFlags({}, { ...NONE, client: ['app:secret'], postLogoutRedirectUri }), {
      clients: [
        { client_id: 'app', client_secret: 'secret', post_logout_redirect_uris: postLogoutRedirectUri },
      ],
      endSession: true,
    });
    assert.throws(() => mergeFlags({}, { ...NONE, postLogoutRedirectUri }), UsageError);
  });

  it('and files are held against the schema', () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ client: [] }, /no member client\. Did you mean clients\?/],
      [
        { clients: [{ client_id: 'a', secret: 'b' }] },
        /clients\.0, there is no member secret\. Did you mean client_secret\?/,
      ],
      [{ issuer: 'http://localhost/' }, /issuer must be an http or https URL that does not end with a slash/],
      [{ scopes: ['a b'] }, /scopes\.0 must be one scope, without spaces/],
      [{ lifetimes: { code: 0 } }, /lifetimes\.code must be more than 0/],
      [{ consent: 'maybe' }, /consent must be one of remember, always, never/],
      [{ users: [{}] }, /users\.0 needs the member username/],
      [{ lifetimes: { code: 'x' } }, /lifetimes\.code must be a number/],
      [[], /must be an object/],
    ];
    for (const [value, message] of wrong) {
      assert.throws(
        () => checkConfiguration(value),
        (error: unknown) => error instanceof InvalidInput && message.test(error.message),
      );
    }
  });
});

describe('a wrong flag', () => {
  const wrong: readonly (readonly [string, Partial<SandboxFlags>, RegExp])[] = [
    ['consent', { consent: 'sometimes' }, /^--consent must be one of remember, always, never\.$/],
    ['scope', { scope: ['a b'] }, /^--scope must be one scope, without spaces and quotes\.$/],
    ['lifetime', { lifetime: ['code=0'] }, /^--lifetime code must be more than 0\.$/],
    ['host', { allowHost: ['http://x'] }, /^--allow-host must be a host name alone/],
    [
      'client without secret',
      { client: ['app:http://a.example/'] },
      /write app:secret:http:\/\/a\.example\//,
    ],
  ];
  for (const [what, flags, message] of wrong) {
    it(`is named: ${what}`, () => {
      assert.throws(() => readConfiguration(undefined, { ...NONE, ...flags }), {
        name: 'UsageError',
        message,
      });
    });
  }

  it('gives a client a redirect URI that no request can match', () => {
    for (const uri of ['callback', 'localhost:3000/callback', 'http:/localhost', 'https://a.example/#x']) {
      const clients = [{ client_id: 'app', redirect_uris: [uri] }];
      assert.throws(
        () => sandboxWith({ clients }),
        /^ConfigurationError: The client app has .* in redirect_uris/,
      );
    }
    const clients = [
      { client_id: 'app', redirect_uris: ['com.example.app:/callback', 'http://testserver/'] },
    ];
    assert.equal(sandboxWith({ clients }).snapshot().clients.length, 1);
  });
});

describe('--explain', () => {
  it('prints the refusal with its rule and clause, and no secret', async () => {
    const lines: string[] = [];
    const done: Promise<void>[] = [];
    const sandbox = sandboxWith({
      clients: [{ client_id: 'app', client_secret: 'the-right-secret' }],
      onExchange: (exchange) => {
        done.push(explainExchange(exchange).then((more) => void lines.push(...more)));
      },
    });
    await sandbox.fetch(
      new Request('http://localhost/v1/oauth2/token', {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: 'app',
          client_secret: 'the-wrong-secret',
        }),
      }),
    );
    await Promise.all(done);
    assert.deepEqual(lines, [
      '401 POST /v1/oauth2/token grant_type=refresh_token client_id=app',
      '    The client secret is wrong.',
      '    sent      16 characters, the first difference is at character 5',
      '    expected  16 characters, those of the registration',
      '    rule      secretMatches, RFC 6749 §2.3.1',
    ]);
  });

  it('says how two values differ', async () => {
    const explained: Promise<readonly string[]>[] = [];
    const redirect_uri = 'http://localhost:3000/callback';
    const sandbox = sandboxWith({
      clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: [redirect_uri] }],
      onExchange: (exchange) => {
        explained.push(explainExchange(exchange));
      },
    });
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: `${redirect_uri}/`,
    });
    await sandbox.fetch(new Request(`http://localhost/oauth2/authorize?${query}`));
    const [lines = []] = await Promise.all(explained);
    assert.ok(lines.includes('    differs   extra slash at the end'), lines.join('\n'));
    await sandbox.fetch(new Request('http://localhost/oauth2/authorize?client_id=%1b[31m%07'));
    const [, hostile = []] = await Promise.all(explained);
    assert.ok(hostile.length > 0 && hostile.every((line) => !/\p{Cc}/u.test(line)));
  });
});

describe('the ready line', () => {
  it('tells a program what it needs, and the sandbox ends with that program', async () => {
    const script = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(CLI)}, 'sandbox', '--json', '--client', 'app:secret:http://localhost:3000/'], { stdio: 'inherit' }); setInterval(() => {}, 1000);`;
    const program = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(program.stdout), 'line');
    const ready: unknown = JSON.parse(String(line));
    assert.ok(typeof ready === 'object' && ready !== null && 'issuer' in ready && 'clients' in ready);
    assert.deepEqual(ready.clients, [
      { client_id: 'app', client_secret: 'secret', redirect_uris: ['http://localhost:3000/'] },
    ]);
    const address = `${String(ready.issuer)}/.well-known/openid-configuration`;
    assert.equal((await fetch(address)).status, 200);
    // The program is killed, as test runners are, so it cannot end what it started.
    program.kill('SIGKILL');
    await waitUntil(async () => !(await isServed(address)));
  });

  it('comes through npx too, and the sandbox ends with npx or with the program that started npx', async () => {
    const command = `"${process.execPath}" "${CLI}" sandbox --json; exit $?`;
    const npx = ['exec', '--offline', '-c', command];
    const runNpx = `require('node:child_process').spawn('npm', ${JSON.stringify(npx)}, { stdio: 'inherit' }).on('spawn', function () { process.stdout.write(this.pid + '\\n'); }); setInterval(() => {}, 1000);`;
    for (const killed of ['npx', 'program']) {
      const program = spawn(process.execPath, ['-e', runNpx], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
      const pid = Number((await lines.next()).value);
      const ready: unknown = JSON.parse(String((await lines.next()).value));
      assert.ok(typeof ready === 'object' && ready !== null && 'issuer' in ready);
      const address = `${String(ready.issuer)}/.well-known/openid-configuration`;
      assert.ok(await isServed(address));
      if (killed === 'npx') process.kill(pid, 'SIGKILL');
      else program.kill('SIGKILL');
      await waitUntil(async () => !(await isServed(address)));
      if (killed === 'npx') program.kill('SIGKILL');
    }
  });

  it('goes on in the background, where it has no input', async () => {
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${CLI}" sandbox --json < /dev/null & wait`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(shell.stdout), 'line');
    const ready: unknown = JSON.parse(String(line));
    assert.ok(typeof ready === 'object' && ready !== null && 'issuer' in ready);
    const address = `${String(ready.issuer)}/.well-known/openid-configuration`;
    // Longer than it takes to notice that a parent is gone.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.ok(await isServed(address));
    shell.kill('SIGKILL');
    await waitUntil(async () => !(await isServed(address)));
  });

  it('is not needed by a CommonJS program, which requires the library', () => {
    const script = "process.stdout.write(typeof require('polar-conformance/sandbox').createSandbox)";
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
    assert.equal(stdout, 'function');
  });
});

const isServed = (address: string): Promise<boolean> =>
  fetch(address).then(
    () => true,
    () => false,
  );

/** Looks until it is so; the test's own limit ends a wait that is in vain. */
async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 100));
}
