/** The tutorial's values as lines for a shell. They include secrets, so they go to a shell and never to a screen. */
import { singleQuote } from '../../fixtures/output/shell-word.js';
import { NAMES, type Values } from '../lessons/values.js';

export type ShellKind = 'sh' | 'powershell';

/** @returns one line for each known value, in the order of `NAMES` */
export function formatVariables(values: Values, shell: ShellKind): string {
  return NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    return [
      shell === 'powershell'
        ? `$env:${name} = ${singlePowerShell(value)}\n`
        : `export ${name}=${singleQuote(value)}\n`,
    ];
  }).join('');
}

/** @returns the lines that set the values, and one that says which were set */
export function formatScript(values: Values, shell: ShellKind): string {
  const names = NAMES.filter((name) => values[name] !== undefined);
  const summary = `Set ${names.length} variables: ${names.join(', ')}`;
  return `${formatVariables(values, shell)}${formatMessage(summary, shell)}`;
}

/** @returns a line that prints a message in the learner's shell */
export const formatMessage = (message: string, shell: ShellKind): string =>
  shell === 'powershell'
    ? `Write-Host ${singlePowerShell(message)}\n`
    : `printf '%s\\n' ${singleQuote(message)} >&2\n`;

/** PowerShell treats typographic quotes as quotes, too. */
const singlePowerShell = (text: string): string => `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
