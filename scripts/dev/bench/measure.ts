/** Runs a command as a user would, and says how long it took and what it used. */
import { spawn } from 'node:child_process';
import { endWithBench } from './children.js';
import { ProcessWatch, type Usage } from './processes.js';

export interface Measured {
  /** Seconds of wall time. */
  readonly seconds: number;
  /** Seconds until the first line on standard output. */
  readonly firstLine: number;
  readonly usage: Usage;
  readonly output: string;
  readonly code: number | null;
}

const LIMIT_MS = 15 * 60_000;

export const CLI = new URL('../../cli.js', import.meta.url).pathname;

/** @param command the arguments of node */
export async function measure(
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measured> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'], env });
  endWithBench(child);
  const watch = new ProcessWatch(child.pid ?? 0);
  let output = '';
  let firstLine = Number.NaN;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    if (Number.isNaN(firstLine) && output.includes('\n')) firstLine = since();
  });
  // What doesn't end is no measurement: it's lost, and the bench goes on.
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(limit);
  if (child.signalCode === 'SIGKILL') throw new Error(`${command.join(' ')} did not end in time`);
  return { seconds: since(), firstLine, usage: watch.stop(), output, code };
}
