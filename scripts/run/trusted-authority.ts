/**
 * A command for a target with `tls.ca` continues in a process that was started with this authority. Playwright's own
 * requests trust what their process trusts, and there is no other way to add an authority.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildExtraBundle,
  EXTRA_CA_VARIABLE,
  processTrusts,
} from '../../fixtures/http/certificate-authorities.js';
import { writeTemporary } from '../../fixtures/output/write-file.js';
import { releaseEarlySignals } from '../early-signals.js';
import { createPrivateFolder } from './private-folder.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT_INTERRUPTED = 130;
const EXIT_TERMINATED = 143;

/**
 * @param argument the target as the user named it; what is wrong with it is reported before anything is started
 * @param args the command line
 * @param work the command itself
 * @returns its exit code, whichever process it ran in
 */
export async function withTrustedAuthority(
  argument: string | undefined,
  args: readonly string[],
  work: () => Promise<number>,
): Promise<number> {
  if (argument === undefined) return work();
  const { loadTarget } = await import('../../fixtures/target/load.js');
  const ca = loadTarget(argument).tls?.ca;
  if (ca === undefined) return work();
  if (!processTrusts(ca)) return runInTrustingProcess(ca, args);
  // The parent process may be killed with no warning; then nothing would end the browser.
  if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  return work();
}

/** In its own process group, so that a Ctrl-C at the terminal comes only once, through us. */
async function runInTrustingProcess(ca: string, args: readonly string[]): Promise<number> {
  const folder = createPrivateFolder();
  const bundle = join(folder.path, 'authorities.pem');
  writeTemporary(bundle, buildExtraBundle(ca));
  const child = fork(fileURLToPath(new URL('../cli.js', import.meta.url)), args, {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [EXTRA_CA_VARIABLE]: bundle },
  });
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  releaseEarlySignals();
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        resolve(code ?? (signal === 'SIGINT' ? EXIT_INTERRUPTED : EXIT_TERMINATED)),
      );
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, pass);
    folder.remove();
  }
}
