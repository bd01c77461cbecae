/**
 * Which server a command is about if the command line doesn't say: the target file of the current folder, or the
 * sandbox.
 */
import { statSync } from 'node:fs';
import { UsageError } from '../../fixtures/errors.js';
import { DEFAULT_TARGET_FILE } from '../command-line/options.js';

/** The word for the built-in sandbox on a command line. */
export const SANDBOX_NAME = 'sandbox';

/**
 * @param argument what the command line names: a preset, a URL, a file or `sandbox`
 * @param defects what the command line breaks on purpose, which only the sandbox can
 * @param environment tells whether this is CI: a pipeline that names no server must not pass
 * @returns what to load; null is the sandbox
 * @throws UsageError if a pipeline names no target
 */
export function chooseTarget(
  argument: string | undefined,
  defects: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  if (argument !== undefined) return argument === SANDBOX_NAME ? null : argument;
  if (defects.length > 0) return null;
  if (hasTargetFile()) return DEFAULT_TARGET_FILE;
  if (isContinuousIntegration(environment)) {
    throw new UsageError(
      `Name the target: CI is set, and this folder has no ${DEFAULT_TARGET_FILE}. To judge the built-in server, name ${SANDBOX_NAME}.`,
    );
  }
  return null;
}

/** @returns the target file of the current folder, if there is one */
export function findTargetFile(): string | undefined {
  return hasTargetFile() ? DEFAULT_TARGET_FILE : undefined;
}

function hasTargetFile(): boolean {
  return statSync(DEFAULT_TARGET_FILE, { throwIfNoEntry: false })?.isFile() === true;
}

/** Pipelines set CI to different values; users turn it off with 0 or false. */
function isContinuousIntegration({ CI: value = '' }: NodeJS.ProcessEnv): boolean {
  return !['', '0', 'false'].includes(value.toLowerCase());
}
