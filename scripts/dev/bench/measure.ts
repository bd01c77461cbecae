/** Runs a command as a user would, and says how long it took and what it used. */
import { spawn } from 'node:child_process';
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

export const CLI = new URL('../../cli.js', import.meta.url).pathname;

/** @param command the arguments of node */
export async function measure(
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measured> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'], env });
  const watch = new ProcessWatch(child.pid ?? 0);
  let output = '';
  let firstLine = Number.NaN;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    if (Number.isNaN(firstLine) && output.includes('\n')) firstLine = since();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { seconds: since(), firstLine, usage: watch.stop(), output, code };
}
