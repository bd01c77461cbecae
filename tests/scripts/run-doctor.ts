/** Runs the command doctor, and reads what it prints. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import { CliRunner, type Ended } from './cli.js';

export const cli = new CliRunner();
after(() => cli.remove());
const keys = generateKeys();

/** In a process of its own: with tls.ca, doctor starts itself again to trust that authority. */
export const doctorProcess = (file: string): Promise<Ended> => cli.start(['doctor', file]).ended;

const doctor = (file: string): Promise<Ended> => cli.run('doctor', file);

/** Runs `doctor` on a sandbox that deviates, by a target file that may be wrong. */
export async function runOnSandbox(
  deviation: Partial<Deviation> | null,
  change: (settings: TargetSettings) => TargetSettings | Promise<TargetSettings> = (settings) => settings,
): Promise<Ended> {
  const deviations = deviation === null ? [] : [{ how: 'wrong on purpose', ...deviation }];
  const sandbox = createSandbox({ deviations, keys: await keys });
  const { close } = await sandbox.listen();
  try {
    return await doctor(writeTargetFile(await change(sandbox.target())));
  } finally {
    await close();
  }
}

let files = 0;
export function writeTargetFile(settings: TargetSettings): string {
  files += 1;
  const name = `target-${files}.json`;
  writeFileSync(join(cli.cwd, name), JSON.stringify(settings));
  return name;
}

/** The line about one thing. */
export function findLine({ stdout, stderr }: Ended, about: string): string {
  const found = stdout.split('\n').filter((each) => each.slice(6).startsWith(about));
  assert.equal(found.length, 1, `one line about ${about}: ${stdout}${stderr}`);
  return found[0] ?? '';
}

/** One sentence on one line, exit 3, and nothing else is at fault. */
export function assertOnlyFault(ended: Ended, about: string, sentence: RegExp): void {
  const faults = ended.stdout.split('\n').filter((each) => each.startsWith('FAULT'));
  assert.equal(faults.length, 1, ended.stdout + ended.stderr);
  assert.match(findLine(ended, about), /^FAULT .*\.$/);
  assert.match(findLine(ended, about), sentence);
  assert.equal(ended.stderr, '');
  assert.equal(ended.code, 3);
}
