/** Runs a command in a place of its own, and looks at its exit code and at all that it may leave. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { readReport } from '../../scripts/report/files.js';
import { CliRunner, type Ended } from './cli.js';

/** Files that the rows name; made once. */
export const made = new CliRunner();
after(() => made.remove());
export const file = (name: string) => join(made.cwd, name);

/** What a row says of standard error: nothing at all, or one sentence. */
export type Says = 'nothing' | RegExp;
export type Row = readonly [
  when: string,
  code: number,
  args: readonly string[],
  says: Says,
  env?: NodeJS.ProcessEnv,
];

export const NOTHING = 'nothing';

/**
 * Runs in a place of its own and looks at all that a command may leave.
 * @param how by the real command, or by the command line's function in this process
 */
export async function ends([, code, args, says, env]: Row, how: 'start' | 'call' = 'start'): Promise<void> {
  const cli = new CliRunner();
  try {
    const ended = await (how === 'call' ? cli.call(args, env) : cli.start(args, env).ended);
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
    assertSays(ended, says);
    assertWhole(cli, code);
  } finally {
    cli.remove();
  }
}

export function assertSays({ stdout, stderr }: Ended, says: Says): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at .*\.js:\d/m, "a stack trace isn't a sentence");
  if (says === NOTHING) assert.equal(stderr, '');
  else {
    assert.match(stderr.trim(), says);
    assert.match(stderr.trim(), /^[^\n]+[.?]$/, 'one sentence');
  }
}

export function assertWhole(cli: CliRunner, code: number): void {
  assert.deepEqual(
    cli.left().filter((name) => name.endsWith('.tmp')),
    [],
  );
  assert.deepEqual(cli.leftTemporary(), []);
  const last = join(cli.cwd, '.polar-conformance', 'last.json');
  if (existsSync(last)) assert.equal(readReport(last).exit.code, code);
}
