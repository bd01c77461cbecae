/** The vocabulary of the map to the OpenID Foundation's conformance plans. */

export interface Module {
  /** The test module's name in the OpenID Foundation's conformance suite. */
  readonly name: string;
  /** A newer name of the same module. */
  readonly renamed?: string;
  /** What it tests, in our words. */
  readonly tries: string;
  /** Our requirements that judge the same. */
  readonly ids: readonly string[];
  /** The part that none of ours judges, and why; required if `ids` is empty. */
  readonly gap?: string;
}

export interface ConformancePlan {
  /** The certification profile's name. */
  readonly title: string;
  /** The plan's name in the conformance suite. */
  readonly plan: string;
  readonly about: string;
  readonly modules: readonly Module[];
}

export type Coverage = 'whole' | 'in part' | 'none';

/** @returns how much of a module our requirements judge */
export function measureCoverage({ ids, gap }: Module): Coverage {
  if (ids.length === 0) return 'none';
  return gap === undefined ? 'whole' : 'in part';
}
