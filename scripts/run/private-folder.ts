/**
 * The run's own folder among the temporary files. Secrets and browser profiles are in it, and it's removed with the
 * run.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotJudge } from '../../fixtures/errors.js';
import { describeTemporary } from '../../fixtures/output/write-file.js';
import { killOrphanedProcesses } from '../engine/orphaned-processes.js';

export interface PrivateFolder {
  readonly path: string;
  remove(): void;
}

/** @throws CannotJudge if there is no place for temporary files */
export function createPrivateFolder(): PrivateFolder {
  const path = makePrivateFolder();
  const remove = () => removeFolder(path);
  // However this process ends by itself, nothing is left.
  process.once('exit', remove);
  return {
    path,
    remove: () => {
      remove();
      process.off('exit', remove);
    },
  };
}

function makePrivateFolder(): string {
  try {
    const path = mkdtempSync(join(tmpdir(), 'polar-conformance-'));
    mkdirSync(join(path, 'tmp'), { mode: 0o700 });
    return path;
  } catch (error) {
    throw new CannotJudge(describeTemporary(tmpdir(), error));
  }
}

const VARIABLES = ['TMPDIR', 'TEMP', 'TMP'] as const;

/**
 * Browsers leave profiles behind, including the cookies of signed-in users. From now on, this process has its temporary
 * files in a private folder; `remove` ends what still runs there and removes it.
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

/** Removes a folder, even while a dying browser still writes into it. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
