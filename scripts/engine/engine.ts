/**
 * Starts the engine as its own process and listens to it. It has its own process group, so a Ctrl-C at the terminal
 * reaches only the command, which ends the engine cleanly.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { buildExtraBundle, EXTRA_CA_VARIABLE } from '../../fixtures/http/certificate-authorities.js';
import { writeTemporary } from '../../fixtures/output/write-file.js';
import { stretched } from '../../fixtures/time/deadline.js';
import { RUN_VARIABLE } from '../../suites/run-file.js';
import { compiledCodeVariables } from '../compile-cache.js';
import { isMessage, type Message } from './messages.js';
import { killOrphanedProcesses } from './orphaned-processes.js';

/** Milliseconds between asking the engine to stop and killing it. */
const SHUTDOWN_GRACE_MS = 5_000;
const OUTPUT_LIMIT = 64 * 1024;

interface EngineEnd {
  readonly code: number | null;
  /** What ended it from outside; null if it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  /** What the engine printed, though it should print nothing: useful if it didn't start. */
  readonly output: string;
}

export interface Engine {
  readonly ended: Promise<EngineEnd>;
  /** Ends it cleanly; a second call ends it at once. */
  stop(): void;
}

/**
 * @param runFile path of the run file
 * @param folder the run's private folder for all temporary files, including browser profiles
 * @param ca path of a PEM file with an authority to trust
 */
export function startEngine(
  runFile: string,
  folder: string,
  { ca, onMessage }: { readonly ca: string | undefined; readonly onMessage: (message: Message) => void },
): Engine {
  const child = fork(fileURLToPath(new URL('./process.js', import.meta.url)), {
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: createEngineEnvironment(runFile, folder, ca),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_LIMIT);
    });
  }
  child.on('message', (value) => {
    if (isMessage(value)) onMessage(value);
  });
  const ended = new Promise<EngineEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, output: stripVTControlCharacters(output).trim() }),
    );
  });
  return { ended, stop: createStopper(child, folder) };
}

function createEngineEnvironment(runFile: string, folder: string, ca: string | undefined): NodeJS.ProcessEnv {
  const temporary = join(folder, 'tmp');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...compiledCodeVariables(),
    [RUN_VARIABLE]: runFile,
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    NO_COLOR: '1',
    ...(ca === undefined ? {} : { [EXTRA_CA_VARIABLE]: writeAuthorityBundle(folder, ca) }),
  };
  // These would open inspectors, or contradict the line above.
  for (const name of ['FORCE_COLOR', 'PWDEBUG', 'DEBUG']) delete env[name];
  return env;
}

/** Everything that the engine sends trusts the target file's authority, besides the usual ones. */
function writeAuthorityBundle(folder: string, ca: string): string {
  const path = join(folder, 'authorities.pem');
  writeTemporary(path, buildExtraBundle(ca));
  return path;
}

function createStopper(child: ChildProcess, folder: string): () => void {
  let asked = false;
  const kill = () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
    killOrphanedProcesses(folder);
  };
  return () => {
    if (asked) {
      kill();
      return;
    }
    asked = true;
    child.kill('SIGINT');
    setTimeout(kill, stretched(SHUTDOWN_GRACE_MS)).unref();
  };
}
