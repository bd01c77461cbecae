/** `tutorial`: learn by being watched. What was asked for decides which of its parts is loaded. */

import type { Screen } from '../screen.js';
import { checkArguments, type TutorialArguments } from '../tutorial/options.js';

/** @returns the exit code */
export async function tutorial(given: TutorialArguments, screen: Screen): Promise<number> {
  checkArguments(given);
  if (given.auto) return (await import('../tutorial/auto.js')).auto(given, screen);
  if (given.list) return (await import('../tutorial/list.js')).list(given, screen);
  return (await import('../tutorial/run-tutorial.js')).runTutorial(given, screen);
}
