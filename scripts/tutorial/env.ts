/** The running tutorial's values as lines for a shell. They include secrets, so they are never printed to a screen. */

import { UsageError } from '../../fixtures/errors.js';
import { privateChannel } from '../../tutorial/private/client.js';
import { formatVariables } from '../../tutorial/shell/variables.js';
import type { Screen } from '../screen.js';
import { findStateFile, formatCommand } from './options.js';

export interface EnvOptions {
  readonly state?: string | undefined;
  readonly powershell: boolean;
}

/**
 * @param isTerminal whether the output would be visible on a screen
 * @returns the exit code
 */
export async function env(
  { state, powershell }: EnvOptions,
  screen: Screen,
  isTerminal: boolean,
): Promise<number> {
  if (isTerminal) {
    throw new UsageError(
      `This prints secrets, so it only writes to a shell. Run: ${formatEnvCommand(state, powershell)}`,
    );
  }
  const values = await privateChannel(findStateFile(state)).values();
  screen.print(formatVariables(values, powershell ? 'powershell' : 'sh'));
  return 0;
}

/** @returns the command that loads the values into the learner's shell */
function formatEnvCommand(state: string | undefined, powershell: boolean): string {
  return powershell
    ? `${formatCommand(state, 'env --powershell')} | Out-String | Invoke-Expression`
    : `eval "$(${formatCommand(state, 'env')})"`;
}
