/** A report goes where its path leads: nothing that isn't a plain file is ever replaced, and nothing is destroyed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { CliRunner } from './cli.js';

const bench = new CliRunner();
after(() => bench.remove());
const at = (name: string) => join(bench.cwd, name);
const run = (...words: readonly string[]) =>
  bench.run('run', 'sandbox', '--only', 'discovery-document', '--out', 'out', ...words);

/** Runs a script of the shell, whose words are the command. */
function shell(script: string): string {
  const cli = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));
  const words = [process.execPath, cli, 'run', 'sandbox', '--only', 'discovery-document', '--out', 'out'];
  return execFileSync('bash', ['-c', script, 'bash', ...words], {
    cwd: bench.cwd,
    encoding: 'utf8',
    timeout: 120_000,
  });
}

describe('a report path', () => {
  it("that's a link stays a link, and its target is replaced", async () => {
    mkdirSync(at('real'));
    writeFileSync(at('real/report.json'), 'old');
    symlinkSync('real/report.json', at('link.json'));
    symlinkSync('real/new.xml', at('dangling.xml'));
    const { code, stderr } = await run('--report', 'json=link.json', '--report', 'junit=dangling.xml');
    assert.equal(code, 0, stderr);
    assert.ok(lstatSync(at('link.json')).isSymbolicLink() && lstatSync(at('dangling.xml')).isSymbolicLink());
    assert.match(readFileSync(at('real/report.json'), 'utf8'), /^\{/);
    assert.match(readFileSync(at('real/new.xml'), 'utf8'), /^<\?xml/);
    assert.deepEqual(readdirSync(at('real')).sort(), ['new.xml', 'report.json']);
  });

  it("that's a device or the output receives the text, and stays what it is", () => {
    const printed = shell('"$@" --report markdown=/dev/stdout --report json=/dev/null | cat');
    assert.match(printed, /^# ✅/m);
    assert.ok(lstatSync('/dev/null').isCharacterDevice());
  });

  it("that's a pipe receives the text if someone reads it, and is refused if not", async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const refused = await run('--report', 'json=pipe');
    assert.deepEqual(
      [refused.code, refused.stderr.trim()],
      [2, '--report json=pipe: nothing reads the pipe pipe.'],
    );
    const printed = shell(
      'cat pipe > read.json & exec 3<>pipe; "$@" --quiet --report json=pipe; echo $?; exec 3>&-; wait',
    );
    assert.match(printed, /^0$/m);
    assert.match(readFileSync(at('read.json'), 'utf8'), /^\{/);
  });

  it("that's a socket, a folder, a loop of links or below a file is refused before anything is sent", async () => {
    const socket = createServer().listen(at('socket'));
    after(() => socket.close());
    mkdirSync(at('folder'));
    writeFileSync(at('file'), 'kept');
    symlinkSync('round', at('round'));
    for (const [path, words] of [
      ['socket', /socket is a socket, and only a file can be written/],
      ['folder', /folder is a folder, and only a file can be written/],
      ['round', /./],
      ['file/report.json', /Can't write to the folder file/],
      ['/proc/report.json', /Can't write to the folder \/proc/],
    ] as const) {
      const { code, stdout, stderr } = await run('--report', `json=${path}`);
      assert.equal(code, 2, `${path}: ${stdout}${stderr}`);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }
    assert.equal(readFileSync(at('file'), 'utf8'), 'kept');
  });

  it('is never used for another file of the same run', async () => {
    writeFileSync(at('b.json'), '{"entries":[]}');
    symlinkSync('b.json', at('other-name.json'));
    for (const words of [
      ['--report', 'json=one', '--report', 'junit=./one'],
      ['--baseline', 'b.json', '--report', 'json=other-name.json'],
      ['--report', 'json=out/last.json'],
    ]) {
      const { code, stderr } = await run(...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /are the same file/);
    }
    writeFileSync(at('t.json'), '{"issuer":"http://localhost:9"}');
    const target = await bench.run('run', 't.json', '--report', 'json=t.json');
    assert.equal(target.code, 2);
    assert.match(target.stderr, /--report json and The target are the same file/);
    assert.equal(readFileSync(at('b.json'), 'utf8'), '{"entries":[]}');
  });

  it('on a full disk fails with one sentence', () => {
    assert.throws(() => writeAtomically('/dev/full', 'text'), {
      name: 'CannotJudge',
      message: '/dev/full could not be written: the disk is full.',
    });
  });
});
