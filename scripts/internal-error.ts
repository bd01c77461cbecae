/** A fault of ours: exit 70, one sentence, and a file with the details. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine } from '../fixtures/errors.js';
import { writeAtomically } from '../fixtures/output/write-file.js';

export class InternalError extends Error {
  override readonly name = 'Fault';
  /** @param details what only a developer wants to read */
  constructor(
    message: string,
    readonly details: string,
  ) {
    super(message);
  }
}

/** @returns where the details were written; null where nothing can be written there */
export function writeErrorDetails(error: unknown, folder: string): string | null {
  const path = join(folder, 'fault.txt');
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const details = error instanceof InternalError ? `\n\n${error.details}` : '';
  try {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isFile()) return null;
    // The details are raw: only the owner may read them.
    writeAtomically(path, `${new Date().toISOString()}\n${trace}${details}\n`, 0o600);
    return path;
  } catch {
    return null;
  }
}

/** @returns the one sentence that a user is shown */
export function describeInternalError(error: unknown, folder: string): string {
  const message = firstLine(error);
  const path = writeErrorDetails(error, folder);
  const where = path === null ? 'the details could not be written' : `details are in ${path}`;
  return `A fault of polar-conformance itself: ${message.replace(/\.$/, '')}; ${where}.`;
}
