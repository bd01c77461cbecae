/** Runs a learner's verifier once: the token on standard input, the values to compare with in its environment. */
import { type ChildProcess, spawn } from 'node:child_process';

export type Outcome =
  /** `code` is null if a signal ended it; `said` is the last line of standard error, safe to show. */
  | { readonly kind: 'ended'; readonly code: number | null; readonly said: string | null }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'hung' };

export interface Run {
  readonly command: readonly string[];
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** Ends the command; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const MOST_KEPT = 4000;
const MOST_SHOWN = 200;

/** @throws the signal's reason, if that ended the command */
export function runCommand({ command, token, env, limitMs, signal }: Run): Promise<Outcome> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'ignore', 'pipe'],
      // Its own process group, so that its child processes end with it.
      detached: process.platform !== 'win32',
    });
    let errors = '';
    const limit = setTimeout(() => settle(() => resolve({ kind: 'hung' })), limitMs);
    const abort = () => settle(() => reject(signal?.reason));
    const settle = (tell: () => void) => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', abort);
      end(child);
      child.stderr.destroy();
      tell();
    };
    signal?.addEventListener('abort', abort);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-MOST_KEPT);
    });
    child.on('error', (problem) => settle(() => resolve({ kind: 'not-started', reason: reasonOf(problem) })));
    child.on('exit', () => end(child));
    // Comes after everything it wrote has been read.
    child.on('close', (code) =>
      settle(() => resolve({ kind: 'ended', code, said: lastLine(errors, token) })),
    );
    // A command that doesn't read its input closes it early.
    child.stdin.on('error', () => {});
    child.stdin.end(token);
  });
}

function reasonOf(problem: NodeJS.ErrnoException): string {
  if (problem.code === 'ENOENT') return 'program not found';
  if (problem.code === 'EACCES') return 'permission denied';
  return problem.message;
}

/** Ends the command and its child processes, if any are left. */
function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}

/** The last meaningful line, with the token masked and control characters removed. */
function lastLine(text: string, token: string): string | null {
  const lines = text
    .replaceAll(token, '[token]')
    .split(/\r?\n/)
    .map((line) => line.replace(/[^\P{C}\t]/gu, '').trim())
    .filter((line) => line !== '' && !/^Node\.js v\d/.test(line) && !/^at /.test(line));
  return (
    lines.findLast((line) => /error|cannot|not found/i.test(line))?.slice(0, MOST_SHOWN) ??
    lines.at(-1)?.slice(0, MOST_SHOWN) ??
    null
  );
}
