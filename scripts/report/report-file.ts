/** `--report FORMAT=FILE`: checked before anything is sent. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../fixtures/errors.js';
import { assertWritable } from '../../fixtures/output/place.js';
import { makeFolder } from '../../fixtures/output/write-file.js';
import { FORMATS, type Format } from './formats/index.js';

/** A file that the user asked for. */
export interface ReportFile {
  readonly format: Format;
  readonly path: string;
}

/** @throws UsageError for an unknown format, or a place where nothing can be written */
export function parseReportFile(text: string): ReportFile {
  const at = text.indexOf('=');
  const format = at === -1 ? text : text.slice(0, at);
  const path = at === -1 ? '' : text.slice(at + 1);
  const known = FORMATS.find((name) => name === format);
  if (known === undefined || path === '') {
    throw new UsageError(
      `--report ${text} isn't valid. Write --report FORMAT=FILE, where FORMAT is one of ${FORMATS.join(', ')}.`,
    );
  }
  assertWritableFolder(dirname(path));
  assertWritable(path, `--report ${text}`);
  return { format: known, path };
}

/** A report that can't be written is found before the run, not after it. */
export function assertWritableFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`Can't write to the folder ${folder}.`);
  }
}
