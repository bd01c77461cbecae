/** `tutorial starter DIR`: writes the small app of the last lesson into a folder, to run and to change. */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';
import { makeFolder } from '../../fixtures/output/write-file.js';
import type { Screen } from '../screen.js';

const FILE = 'app.mjs';

/**
 * @param folder is created if need be; a file that is already there stays
 * @returns the exit code
 */
export function writeStarter(folder: string, screen: Screen): number {
  const path = join(folder, FILE);
  if (existsSync(path)) throw new UsageError(`${path} already exists. Name another folder.`);
  const source = readFileSync(new URL('../../tutorial/samples/starter.js', import.meta.url), 'utf8');
  try {
    makeFolder(folder);
    writeNew(path, source.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
  } catch (problem) {
    const code = problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown error';
    throw new UsageError(`${path} can't be written (${code}). Name another folder.`);
  }
  screen.print(
    `Wrote ${path}: a complete client in one file, with no dependencies.\nTo run it: register a client for it (lesson “Your own app does it all”), run the eval line that the tutorial shows, then:\n\nnode ${path}\n`,
  );
  return 0;
}

/** Half a file isn't left behind. */
function writeNew(path: string, text: string): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, text);
  } catch (problem) {
    rmSync(path, { force: true });
    throw problem;
  } finally {
    closeSync(file);
  }
}
