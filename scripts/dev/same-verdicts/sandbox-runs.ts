/** One sandbox for all runs, and the real command that judges it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Deviation, Wrap } from '../../../fixtures/sandbox/deviation.js';
import { ENDPOINTS } from '../../../fixtures/sandbox/endpoint-names.js';
import { isReport } from '../../report/validate.js';
import { startSandbox } from '../../run/sandbox.js';
import type { NamedResults } from './compare.js';

const CLI = fileURLToPath(new URL('../../cli.js', import.meta.url));

export interface SandboxRuns {
  /** @param args the options of `run` */
  run(args: readonly string[]): Promise<NamedResults>;
  close(): Promise<void>;
}

/**
 * @param defects what the sandbox breaks, so that the verdicts differ
 * @param further more options for each run
 * @param delay gives the milliseconds that each response takes; null: no more than it needs
 */
export async function openSandboxRuns(
  defects: readonly string[],
  { further, delay }: { readonly further: readonly string[]; readonly delay: (() => number) | null },
): Promise<SandboxRuns> {
  const sandbox = await startSandbox(defects, { further: delay === null ? [] : [slow(delay)] });
  const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-same-'));
  const file = join(folder, 'sandbox.json');
  writeFileSync(file, JSON.stringify(sandbox.settings), { mode: 0o600 });
  return {
    run: async (args) => {
      const name = args.join(' ') || 'no option';
      return {
        name,
        results: parseReport(
          name,
          await runCli(['run', file, ...args, ...further, '--json', '--out', folder]),
        ),
      };
    },
    close: async () => {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function slow(delay: () => number): Deviation {
  const wait: Wrap = async (response) => {
    await sleep(delay());
    return response;
  };
  return {
    how: 'Each response takes another time.',
    wrap: Object.fromEntries(ENDPOINTS.map((name) => [name, wait])),
    touches: 'the time',
  };
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

async function runCli(args: readonly string[]): Promise<Output> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { stdout, stderr };
}

/** A run with no report isn't a difference between verdicts: it's an error, and ends everything. */
function parseReport(name: string, { stdout, stderr }: Output): NamedResults['results'] {
  try {
    const value: unknown = JSON.parse(stdout);
    if (isReport(value)) return value.results;
  } catch {
    // Reported below.
  }
  throw new Error(`a run with ${name} gave no report: ${stderr.trim()}`);
}
