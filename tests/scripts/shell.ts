/** Runs a printed command in a real shell, with a `curl` that only tells what it was given. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Arguments may hold anything but a zero byte. */
const TELLING = `#!/bin/sh\nprintf '%s\\0' "$@"\n`;

/**
 * @param variables what the shell's variables hold
 * @returns the arguments that curl was given
 */
export function runAndReadArguments(
  command: string,
  variables: Readonly<Record<string, string>>,
): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
  try {
    const program = join(folder, 'curl');
    writeFileSync(program, TELLING);
    chmodSync(program, 0o755);
    const path = `${folder}${delimiter}${process.env.PATH ?? ''}`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
      encoding: 'utf8',
      env: { PATH: path, ...variables },
    });
    assert.equal(status, 0, `${command}\n${stderr}`);
    return stdout.split('\0').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the curl commands in what `repeat` printed */
export function findCommands(printed: string): readonly string[] {
  return [...printed.matchAll(/^curl (?:[^\n]*\\\n)*[^\n]*$/gm)].map(([command]) => command);
}
