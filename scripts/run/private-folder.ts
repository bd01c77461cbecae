/** The run's own folder in the temporary files: secrets and browser profiles live there, and end with the run. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killOrphanedProcesses } from '../engine/orphaned-processes.js';

export interface PrivateFolder {
  readonly path: string;
  remove(): void;
}

export function createPrivateFolder(): PrivateFolder {
  const path = mkdtempSync(join(tmpdir(), 'polar-conformance-'));
  mkdirSync(join(path, 'tmp'), { mode: 0o700 });
  const remove = () => removeFolder(path);
  // Whatever way this process ends by itself, nothing stays.
  process.once('exit', remove);
  return {
    path,
    remove: () => {
      remove();
      process.off('exit', remove);
    },
  };
}

const VARIABLES = ['TMPDIR', 'TEMP', 'TMP'] as const;

/**
 * Browsers leave profiles behind, with the cookies of whoever signed in. From now on this process has its temporary
 * files in a private folder; `remove` ends what still works there, and removes it.
 */
export function usePrivateTemporaryFolder(): PrivateFolder {
  const folder = createPrivateFolder();
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  for (const name of VARIABLES) process.env[name] = join(folder.path, 'tmp');
  return {
    path: folder.path,
    remove: () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      killOrphanedProcesses(folder.path);
      folder.remove();
    },
  };
}

/** Removes a folder, also while a dying browser still writes into it. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
