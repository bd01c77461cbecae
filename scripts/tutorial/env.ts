/** The values of the running tutorial as lines for a shell: secrets go there, and never to a screen. */

import { UsageError } from '../../fixtures/errors.js';
import { NAMES, type Values } from '../../tutorial/lessons/values.js';
import { privateChannel } from '../../tutorial/private/client.js';
import { singleSh } from '../../tutorial/views/commands/quote.js';
import type { Screen } from '../screen.js';
import { findStateFile, formatCommand } from './options.js';

export interface EnvOptions {
  readonly state?: string | undefined;
  readonly powershell: boolean;
}

/**
 * @param isTerminal whether a user would see what is printed
 * @returns the exit code
 */
export async function env(
  { state, powershell }: EnvOptions,
  screen: Screen,
  isTerminal: boolean,
): Promise<number> {
  if (isTerminal) {
    throw new UsageError(
      `This prints secrets, for a shell and not for a screen: ${formatEnvCommand(state, powershell)}`,
    );
  }
  const values = await privateChannel(findStateFile(state)).values();
  screen.print(formatVariables(values, powershell));
  return 0;
}

/** @returns what a learner types to have the values in the shell */
export function formatEnvCommand(state: string | undefined, powershell: boolean): string {
  return powershell
    ? `${formatCommand(state, 'env --powershell')} | Out-String | Invoke-Expression`
    : `eval "$(${formatCommand(state, 'env')})"`;
}

/** @returns one line for each value that is known, in the order of their names */
export function formatVariables(values: Values, powershell: boolean): string {
  return NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    return [
      powershell
        ? `$env:${name} = '${value.replaceAll("'", "''")}'\n`
        : `export ${name}=${singleSh(value)}\n`,
    ];
  }).join('');
}
