/** What this machine ran out of: no fault of ours and none of the server's. */
import { closeSync, openSync } from 'node:fs';

const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'this process may open too few files; raise the limit (ulimit -n 4096)',
  ENFILE: 'too many files are open on this machine; close some programs',
  ENOSPC: 'a disk is full; make room on it',
  EDQUOT: 'the disk quota is used up; make room',
  ENOMEM: 'there is too little memory; close some programs',
  EAGAIN: 'no further process may be started; raise the limit (ulimit -u)',
};

/** @returns what to do about a limit of this machine that ended the run, as one sentence; null if it's none of that */
export function explainMachineLimit(error: unknown): string | null {
  const code = findCode(error);
  const limit = code === null ? undefined : LIMITS[code];
  return limit === undefined ? null : `This machine couldn't go on (${code}): ${limit}.`;
}

/** The code of the error or of what caused it; the browser's driver has it only in the message. */
function findCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string' && error.code in LIMITS) return error.code;
  const named = Object.keys(LIMITS).find((code) => new RegExp(`\\b${code}\\b`).test(error.message));
  // V8 has no code for it.
  if (named === undefined && /\bout of memory\b|allocation failed/i.test(error.message)) return 'ENOMEM';
  return named ?? findCode(error.cause);
}

/** More than a program needs in order to load its next module. */
const SPARE_FILES = 16;

/**
 * Node calls a module that it has no file left to open "not found".
 * @returns what a module that can't be loaded says of this machine, as one sentence; null if it's the module's own fault
 */
export function explainLoadFailure(problem: unknown): string | null {
  return explainMachineLimit(problem) ?? explainMachineLimit(findOpenFailure());
}

function findOpenFailure(): unknown {
  const opened: number[] = [];
  try {
    for (let count = 0; count < SPARE_FILES; count += 1) opened.push(openSync(process.execPath, 'r'));
    return null;
  } catch (error) {
    return error;
  } finally {
    for (const file of opened) closeSync(file);
  }
}
