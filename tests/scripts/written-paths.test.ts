/**
 * Every command that writes, with every kind of path: it writes a file, or refuses in one sentence before it does
 * anything else. Nothing that isn't a plain file is replaced, and nothing is destroyed.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { renderJson } from '../../scripts/report/files.js';
import { CliRunner } from './cli.js';
import { sampleReport, sampleResult } from './samples.js';

const runner = new CliRunner();
const at = (name: string) => join(runner.cwd, name);
const socket = createServer();
let issuer = '';
let close = async () => {};

before(async () => {
  ({ issuer, close } = await createSandbox().listen());
  socket.listen(at('socket'));
  mkdirSync(at('folder'));
  writeFileSync(at('file'), 'kept');
  symlinkSync('round', at('round'));
  execFileSync('mkfifo', [at('pipe')]);
  const report = sampleReport([sampleResult('token-exchange', 'pass')], {
    run: { inProfile: 1, filters: [], shard: '1/1', defects: [], browser: null },
  });
  writeFileSync(at('report.json'), renderJson(report));
  writeFileSync(at('baseline.json'), '{"entries": []}');
  writeFileSync(at('target.json'), JSON.stringify(sandboxTarget(null)));
});
after(async () => {
  socket.close();
  await close();
  runner.remove();
});

const sandboxTarget = (storageState: string | null) => ({
  issuer: 'http://localhost:9',
  users: {
    first: { username: 'a', password: 'b', ...(storageState === null ? {} : { storageState }) },
  },
});

/** Each command with the path that it writes to. Nothing listens where they would send something. */
const COMMANDS: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'run --report': (path) => ['run', 'target.json', '--report', `json=${path}`],
  'run --update-baseline': (path) => ['run', 'target.json', '--baseline', path, '--update-baseline'],
  'init --out': (path) => ['init', 'http://localhost:9', '--force', '--out', path],
  'merge --report': (path) => ['merge', 'report.json', '--report', `junit=${path}`],
  'sandbox --keys': (path) => ['sandbox', '--json', '--keys', path],
  'tutorial --state': (path) => ['tutorial', '--plain', '--no-open', '--port', '0', '--state', path],
  login: (path) => {
    writeFileSync(at('login.json'), JSON.stringify(sandboxTarget(`./${path}`)));
    return ['login', 'login.json', '--headless'];
  },
};

const REFUSED = ['folder', 'socket', 'round', 'pipe', 'file/below.json'];
/** As a path in a target file, they would be relative. */
const ABSOLUTE = ['/proc/below.json', '/proc/self/cmdline/x.json'];

/** Folders: where several files are put. */
const FOLDERS: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'run --out': (path) => ['run', 'target.json', '--out', path],
  'run --trace': (path) => ['run', 'target.json', '--trace', path],
  'tutorial starter': (path) => ['tutorial', 'starter', path],
};

async function assertRefused(words: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runner.run(...words);
  const printed = `${words.join(' ')}: ${stdout}${stderr}`;
  assert.equal(code, 2, printed);
  assert.equal(stderr.trim().split('\n').length, 1, printed);
  assert.doesNotMatch(printed, /\n\s+at |A fault of/);
}

describe('a path that a command writes to', () => {
  for (const [name, command] of Object.entries(COMMANDS)) {
    it(`of ${name} is refused if no file can be there`, async () => {
      const paths = name === 'login' ? REFUSED : [...REFUSED, ...ABSOLUTE];
      for (const path of paths) await assertRefused(command(path));
      assert.equal(readFileSync(at('file'), 'utf8'), 'kept');
      assert.ok(lstatSync(at('pipe')).isFIFO() && lstatSync(at('round')).isSymbolicLink());
    });
  }

  for (const [name, command] of Object.entries(FOLDERS)) {
    it(`of ${name} is refused if no folder can be there`, async () => {
      for (const path of ['file', 'socket', 'round', 'pipe', 'file/below', '/dev/null', '/proc/below']) {
        await assertRefused(command(path));
      }
      assert.equal(readFileSync(at('file'), 'utf8'), 'kept');
      assert.ok(lstatSync('/dev/null').isCharacterDevice());
    });
  }

  it('is never a device that would be read first, moved aside or replaced', async () => {
    for (const name of ['run --update-baseline', 'sandbox --keys', 'tutorial --state']) {
      await assertRefused(COMMANDS[name]?.('/dev/null') ?? []);
      await assertRefused(COMMANDS[name]?.('/dev/full') ?? []);
    }
    assert.ok(lstatSync('/dev/null').isCharacterDevice() && lstatSync('/dev/full').isCharacterDevice());
    assert.ok(!existsSync('/dev/null.bak'));
  });

  // For root no folder of a disk is read-only.
  if (process.getuid?.() !== 0) {
    it('in a read-only folder is refused', async () => {
      mkdirSync(at('locked'), { mode: 0o500 });
      for (const command of Object.values(COMMANDS)) await assertRefused(command('locked/x.json'));
      for (const command of Object.values(FOLDERS)) await assertRefused(command('locked/x'));
      assert.deepEqual(readdirSync(at('locked')), []);
    });
  }

  it('of merge is never one that it reads', async () => {
    const text = readFileSync(at('report.json'), 'utf8');
    symlinkSync('report.json', at('alias.json'));
    for (const words of [
      ['--report', 'json=report.json'],
      ['--report', 'junit=alias.json'],
      ['--report', 'json=new', '--report', 'html=./new'],
      ['--baseline', 'baseline.json', '--report', 'json=baseline.json'],
    ]) {
      const { code, stderr } = await runner.run('merge', 'report.json', ...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /are the same file/);
    }
    assert.equal(readFileSync(at('report.json'), 'utf8'), text);
  });

  it('of init is written through a link, and into a device that takes it', async () => {
    symlinkSync('folder/target.json', at('link.json'));
    const linked = await runner.run('init', issuer, '--out', 'link.json');
    assert.equal(linked.code, 0, linked.stderr);
    assert.ok(lstatSync(at('link.json')).isSymbolicLink());
    assert.match(readFileSync(at('folder/target.json'), 'utf8'), /"issuer"/);
    const thrown = await runner.run('init', issuer, '--force', '--out', '/dev/null');
    assert.equal(thrown.code, 0, thrown.stderr);
    assert.ok(lstatSync('/dev/null').isCharacterDevice());
    const full = await runner.run('init', issuer, '--force', '--out', '/dev/full');
    assert.equal(full.code, 3);
    assert.equal(full.stderr.trim(), '/dev/full could not be written: the disk is full.');
  });

  it('of merge on a full disk fails in one sentence', async () => {
    const { code, stderr } = await runner.run('merge', 'report.json', '--report', 'json=/dev/full');
    assert.equal(code, 3);
    assert.equal(stderr.trim(), '/dev/full could not be written: the disk is full.');
  });
});

describe('temporary files', () => {
  it('that have no folder are named, with what to do', async () => {
    const { code, stderr } = await runner.start(['run', '--only', 'discovery-issuer-match'], {
      TMPDIR: '/nonexistent',
    }).ended;
    assert.equal(code, 3);
    assert.equal(
      stderr.trim(),
      "Temporary files can't be written to /nonexistent: there is no such folder. Set TMPDIR to a folder that can be written to.",
    );
  });
});

describe('a folder that is removed while a command starts in it', () => {
  it('is named in one sentence', () => {
    const cli = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));
    const script = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"';
    const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, cli, 'list'], {
      cwd: runner.cwd,
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.equal(stderr, "The current folder doesn't exist any more: change to another one.\n");
  });
});

describe('standard output', () => {
  const cli = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));

  /** @param path what takes the place of the stream */
  function runInto(path: string, words: readonly string[], stream: 'stdout' | 'stderr') {
    const file = openSync(path, 'w');
    try {
      const stdio =
        stream === 'stdout' ? (['ignore', file, 'pipe'] as const) : (['ignore', 'pipe', file] as const);
      return spawnSync(process.execPath, [cli, ...words], {
        cwd: runner.cwd,
        encoding: 'utf8',
        stdio: [...stdio],
        timeout: 120_000,
      });
    } finally {
      closeSync(file);
    }
  }

  it('on a full disk ends every command with one sentence and no success', () => {
    for (const words of [['list'], ['explain', 'token-exchange'], ['--help'], ['list', '--json']]) {
      const { status, stderr } = runInto('/dev/full', words, 'stdout');
      assert.deepEqual(
        [status, stderr],
        [3, 'Standard output could not be written: the disk is full.\n'],
        words.join(' '),
      );
    }
    const wrong = runInto('/dev/full', ['list', '--nonsense'], 'stdout');
    assert.equal(wrong.status, 2);
  });

  it('goes on where standard error has no room', () => {
    const { status, stdout } = runInto('/dev/full', ['compare', 'report.json', 'report.json'], 'stderr');
    assert.equal(status, 0);
    assert.match(stdout, /0 newly failing/);
  });

  it('that nobody reads to its end is no problem', () => {
    const script = 'set -o pipefail; "$@" | head -1 > /dev/null';
    const words = [process.execPath, cli, 'list', '--json'];
    const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });
});
