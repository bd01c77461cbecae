/** Which server is judged where the command line names none: never the sandbox by mistake, and always said. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { CliRunner } from './cli.js';

const ONLY = ['--only', 'discovery-document', '--no-browser'] as const;
const FILE = 'polar-conformance.json';

describe('a command without a target', () => {
  const empty = new CliRunner();
  const project = new CliRunner();
  const server = createSandbox();
  let close: () => Promise<void>;
  before(async () => {
    ({ close } = await server.listen());
    writeFileSync(join(project.cwd, FILE), JSON.stringify({ ...server.target(), name: 'our server' }));
  });
  after(async () => {
    await close();
    empty.remove();
    project.remove();
  });

  it('judges polar-conformance.json of the current folder, and says so in its first line', async () => {
    for (const env of [{}, { CI: 'true' }]) {
      const { code, stdout } = await project.call(['run', ...ONLY, '--quiet'], env);
      assert.equal(code, 0, stdout);
      const first = /^Judging our server \(http:\/\/.*\), from polar-conformance\.json by profile polar\.\n/;
      assert.match(stdout, first);
    }
  });

  it('repeats a check on that file if there was no run yet', async () => {
    const { code, stdout, stderr } = await project.run('repeat', 'discovery-document', '--out', 'no-run-yet');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^Judging our server /);
  });

  it('doctor and login use that file', async () => {
    const examined = await project.run('doctor', '--no-browser');
    assert.match(
      examined.stdout,
      /^Examining our server .*, from polar-conformance\.json\./,
      examined.stderr,
    );
    const entered = await project.run('login', '--browser', 'no-such-browser');
    assert.doesNotMatch(entered.stderr, /Name the target/);
  });

  it("judges the sandbox if there's no file, and says so in its first line", async () => {
    const { code, stdout } = await empty.run('run', ...ONLY, '--quiet');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^Judging the built-in sandbox \(http:/);
  });

  for (const command of [
    ['run', ...ONLY],
    ['doctor', '--no-browser'],
  ]) {
    it(`is refused in a pipeline: ${command[0]}`, async () => {
      const { code, stdout, stderr } = await empty.call(command, { CI: 'true' });
      assert.equal(code, 2, stdout);
      assert.equal(stdout, '');
      assert.match(stderr, /^Name the target: CI is set, .* name sandbox\.\n$/);
    });
  }

  it('judges the sandbox in a pipeline if named, or broken on purpose', async () => {
    const named = await empty.call(['run', 'sandbox', ...ONLY], { CI: 'true' });
    assert.equal(named.code, 0, named.stderr);
    const broken = ['run', '--defect', 'discovery-document', ...ONLY];
    assert.equal((await empty.call(broken, { CI: 'true' })).code, 1);
  });

  it('says what init would add after a run on a URL, and nothing of it after a run on a file', async () => {
    const { issuer } = server.target();
    const only = ['--only', 'discovery-document', '--profile', 'oidc'];
    const byUrl = await project.run('run', issuer, ...only);
    assert.equal(byUrl.code, 0, byUrl.stdout + byUrl.stderr);
    const next = byUrl.stderr.split('\n').filter((line) => line.startsWith('Next: '));
    assert.equal(next.length, 1, byUrl.stderr);
    const [, address, settings, more] =
      /^Next: npx polar-conformance init (\S+) \(with (.*), (\d+) more requirements could be judged\)$/.exec(
        next[0] ?? '',
      ) ?? [];
    assert.equal(address, issuer);
    assert.match(settings ?? '', /users\.first, users\.second/);
    assert.ok(Number(more) > 100, next[0]);
    const byFile = await project.run('run', FILE, ...only);
    assert.doesNotMatch(byFile.stdout + byFile.stderr, /^Next: npx/m);
  });

  it('suggests the URL if the scheme is missing', async () => {
    const loopback = await empty.run('run', '127.0.0.1:4300');
    assert.equal(loopback.code, 2);
    assert.match(
      loopback.stderr,
      /There is no file 127\.0\.0\.1:4300\. Did you mean http:\/\/127\.0\.0\.1:4300\?/,
    );
    const elsewhere = await empty.run('run', 'auth.example.com/tenant');
    assert.match(elsewhere.stderr, /Did you mean https:\/\/auth\.example\.com\/tenant\?/);
    const file = await empty.run('run', 'staging.json');
    assert.match(file.stderr, /A target is a file, a URL, or one of polar, polar-sandbox\./);
  });

  it('lists every variable that is unset or empty in one sentence', async () => {
    const users = { first: { username: '$THE_NAME', password: '$THE_PASSWORD' } };
    const clients = { first: { client_id: '$THE_CLIENT', redirect_uri: 'https://app.example.com/cb' } };
    const content = { issuer: 'http://127.0.0.1:9', users, clients };
    writeFileSync(join(empty.cwd, 'unset.json'), JSON.stringify(content));
    const { code, stderr } = await empty.call(['run', 'unset.json'], { THE_PASSWORD: '' });
    assert.equal(code, 2);
    assert.match(stderr, /^3 environment variables that unset\.json needs have no value: /);
    for (const part of ['THE_NAME is not set', 'THE_PASSWORD is empty', 'THE_CLIENT is not set']) {
      assert.ok(stderr.includes(part), part);
    }
  });

  it('rejects a folder as a target file, and gives the line of a JSON error', async () => {
    assert.match(
      (await empty.run('run', empty.temporary)).stderr,
      /is a folder; name the target file in it\.$/m,
    );
    writeFileSync(join(empty.cwd, 'bad.json'), '{\n  "issuer": "http://127.0.0.1:9",\n}');
    assert.match((await empty.run('run', 'bad.json')).stderr, /bad\.json is not valid JSON.*line 3/);
  });
});
