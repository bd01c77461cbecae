/** Where the learner's progress is saved, unless `--state` names another file. */
import { homedir } from 'node:os';
import { join } from 'node:path';

const FOLDER = 'polar-conformance';
const FILE = 'tutorial.json';

/** @returns the default path: in the user's state directory (XDG), or on Windows in the local application data */
export function defaultStateFile(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') {
    return join(given(env.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'), FOLDER, FILE);
  }
  const state = given(env.XDG_STATE_HOME);
  // The XDG specification says to ignore relative paths.
  const base = state?.startsWith('/') === true ? state : join(home, '.local', 'state');
  return join(base, FOLDER, FILE);
}

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
