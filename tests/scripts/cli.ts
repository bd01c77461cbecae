/** Drives the real command line in a folder of its own, with temporary files of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHarmless } from '../../scripts/report/harmless.js';
import { runCommandLine } from '../../scripts/run-command-line.js';
import type { Screen } from '../../scripts/screen.js';

const CLI = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the text stands in standard output. */
  printed(text: string): Promise<void>;
}

/** A place to run commands in; what they leave behind can be looked at. */
export class CliRunner {
  readonly folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
  readonly cwd = join(this.folder, 'work');
  readonly temporary = join(this.folder, 'tmp');

  constructor() {
    mkdirSync(this.cwd);
    mkdirSync(this.temporary);
  }

  /** Starts the real command as a process of its own. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}, nodeArgs: readonly string[] = []): Started {
    const child = spawn(process.execPath, [...nodeArgs, CLI, ...args], {
      cwd: this.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.#environment(), ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = once(child, 'close').then(
      (): Ended => ({
        code: child.exitCode,
        stdout,
        stderr,
      }),
    );
    const printed = (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (stdout.includes(text)) resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`ended before it printed ${text}: ${stdout}${stderr}`)));
        look();
      });
    return { child, ended, printed };
  }

  /**
   * Runs a command in this process: what it says and how it ends are the same, without the second that each start
   * takes. One after the other, because the working folder is the process's own.
   */
  call(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const called = lastCall.then(() => callInProcess(args, this.cwd, { ...this.#environment(), ...env }));
    lastCall = called.catch(() => undefined);
    return called;
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.call(args);
  }

  /** The file in the working folder, parsed. */
  json(name: string): unknown {
    return JSON.parse(readFileSync(join(this.cwd, name), 'utf8'));
  }

  /** Everything that is in the working folder, except `.` itself. */
  left(): readonly string[] {
    return readdirSync(this.cwd, { recursive: true, encoding: 'utf8' }).sort();
  }

  /** What is still in the temporary files. */
  leftTemporary(): readonly string[] {
    return readdirSync(this.temporary);
  }

  /** Processes that still work with our temporary files: known on Linux, nobody elsewhere. */
  processes(): readonly string[] {
    return readableProcesses()
      .filter(({ said: printed }) => printed.includes(this.temporary))
      .map(({ pid, said: printed }) => `${pid} ${printed.split('\0')[0] ?? ''}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    // In a pipeline a command without a target is refused, and that is tried where it is meant.
    const { FORCE_COLOR: _, NO_COLOR: __, NODE_TEST_CONTEXT: ___, CI: ____, ...env } = process.env;
    return { ...env, TMPDIR: this.temporary, TMP: this.temporary, TEMP: this.temporary };
  }
}

let lastCall: Promise<unknown> = Promise.resolve();

async function callInProcess(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const before = { cwd: process.cwd(), env: process.env };
  const said = { stdout: '', stderr: '' };
  const screen: Screen = {
    width: 80,
    colors: false,
    animates: false,
    print: (text) => {
      said.stdout += makeHarmless(text, false);
    },
    eraseLine: () => undefined,
    note: (line) => {
      said.stderr += makeHarmless(`${line}\n`, false);
    },
    command: (lines) => {
      said.stderr += lines;
    },
    problem: (sentence) => {
      said.stderr += makeHarmless(`${sentence}\n`, false);
    },
  };
  process.chdir(cwd);
  process.env = env;
  try {
    const code = await runCommandLine(args, screen);
    return { code, ...said };
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
  }
}

function readableProcesses(): readonly { pid: string; said: string }[] {
  try {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
      .map((pid) => ({ pid, said: readOf(pid, 'cmdline') + readOf(pid, 'environ') }));
  } catch {
    return [];
  }
}

function readOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
