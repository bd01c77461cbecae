/** Collects what a tutorial tells a learner. */
import type { Tutorial } from '../../tutorial/tutorial.js';
import type { Verdict } from '../../tutorial/watcher/classify.js';

/** @returns a list that gets the verdict on each exchange from now on */
export function collectVerdicts(tutorial: Tutorial): Verdict[] {
  const verdicts: Verdict[] = [];
  tutorial.onEvent((event) => {
    if (event.kind === 'exchange') verdicts.push(event.verdict);
  });
  return verdicts;
}
