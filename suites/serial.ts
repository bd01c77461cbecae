/**
 * Which requirements are judged one at a time. A check that may end what a client was granted uses its own client if
 * one can be registered. Otherwise it may have to use a client of the target file, so it waits until all other checks
 * are over, and then no other check runs beside it. So does a burst or a huge body: it may bring a server to a
 * standstill, and that isn't the fault of what would run beside it.
 */
import type { Target } from '../fixtures/target/settings.js';
import type { Requirement } from './requirement.js';

/** The tag of such tests. */
export const SERIAL_TAG = '@serial';

/** The Playwright project that runs them. Playwright's grep also matches project names, so this isn't the tag. */
export const SERIAL_PROJECT = 'last';

export function isSerial(
  { serial, intrusive }: Requirement,
  { settings }: Pick<Target, 'settings'>,
): boolean {
  return intrusive === true || (serial === true && Object.keys(settings.clients ?? {}).length > 0);
}
