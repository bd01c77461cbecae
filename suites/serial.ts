/**
 * Which requirements are judged by themselves. A check that may end what a client was granted has a client of its own
 * where one can be registered. With clients of the target file it may have to take one of those, so it waits until
 * all other checks are over, and then no other one runs beside it.
 */
import type { Target } from '../fixtures/target/settings.js';
import type { Requirement } from './requirement.js';

/** The tag of such tests. */
export const ALONE_TAG = '@alone';

/** The Playwright project that runs them. Playwright's grep also looks at project names, so this isn't the tag. */
export const ALONE_PROJECT = 'last';

export function isSerial({ serial }: Requirement, { settings }: Pick<Target, 'settings'>): boolean {
  return serial === true && Object.keys(settings.clients ?? {}).length > 0;
}
