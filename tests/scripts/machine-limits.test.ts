/** A machine that has no room left is told apart from a fault of ours. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { reportProblem } from '../../scripts/exit.js';
import { explainMachineLimit } from '../../scripts/machine-limits.js';
import type { Screen } from '../../scripts/screen.js';

const CLI = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));

const systemError = (code: string) => Object.assign(new Error(`${code}: no more`), { code });

describe('a limit of this machine', () => {
  it('is told with what to do about it, wherever its code is', () => {
    const errors = [
      systemError('EMFILE'),
      new Error('spawn /usr/bin/chromium EMFILE'),
      new Error('The browser could not be started.', { cause: systemError('EMFILE') }),
    ];
    for (const error of errors) assert.match(explainMachineLimit(error) ?? '', /\(EMFILE\).*ulimit -n/);
    assert.match(explainMachineLimit(systemError('ENOSPC')) ?? '', /a disk is full/);
  });

  it('ends with exit code 3 and one sentence', () => {
    const said: string[] = [];
    const screen: Pick<Screen, 'problem'> = { problem: (text) => said.push(text) };
    assert.equal(reportProblem(systemError('ENOMEM'), [], screen), 3);
    assert.deepEqual(said, [
      "This machine couldn't go on (ENOMEM): there is too little memory; close some programs.",
    ]);
  });

  it('is told by memory that V8 cannot get', () => {
    const error = new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory');
    assert.match(explainMachineLimit(error) ?? '', /\(ENOMEM\)/);
  });

  for (const files of [20, 30, 40])
    it(`is told while the program is loaded, with ${files} open files at most`, () => {
      const { status, stdout, stderr } = spawnSync(
        '/bin/sh',
        ['-c', `ulimit -n ${files}; exec "$@"`, 'sh', process.execPath, CLI, '--help'],
        { encoding: 'utf8' },
      );
      // The help alone may need no more than that.
      if (status !== 0) assert.match(stderr, /^This machine couldn't go on \(EMFILE\): .*ulimit -n 4096/);
      assert.equal(status, stdout === '' ? 3 : 0);
    });

  it('is nothing else', () => {
    for (const error of [new Error('no such file'), systemError('ENOENT'), 'EMFILE', null])
      assert.equal(explainMachineLimit(error), null);
  });
});
