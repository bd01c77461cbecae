/** The other half of a proof: nothing fails on a sandbox that deviates as a clause allows. */
import type { Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { catalog, type Entry } from '../../suites/catalog.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import type { Result } from '../../suites/result.js';
import {
  CONCURRENT_SANDBOXES,
  findProfile,
  isAlarm,
  isForAgents,
  judgeAll,
  judgesAgents,
  type Sandboxes,
} from './sandboxes.js';

export interface Tolerance {
  readonly id: string;
  /** Results that a permitted deviation must not cause. */
  readonly failed: readonly Result[];
  readonly judged: number;
}

/**
 * Judges all entries on a sandbox that deviates in several ways at once, as clauses allow. Only if something fails,
 * each variant is tried separately to find the one responsible. As in a run, it leaves out what the deviating server
 * doesn't claim or its profile doesn't demand.
 * @param group variants of one profile
 */
export async function tolerateAll(
  sandboxes: Sandboxes,
  group: readonly Variant[],
  entries: readonly Entry[],
): Promise<readonly Tolerance[]> {
  const together = await tolerate(sandboxes, group.map(({ id }) => id).join(', '), group, entries);
  if (together.failed.length === 0) return group.map(({ id }) => ({ ...together, id }));
  const separately: Tolerance[] = [];
  for (const variant of group) separately.push(await tolerate(sandboxes, variant.id, [variant], entries));
  // They cause a failure together but not separately: then the group itself isn't tolerated.
  return separately.some(({ failed }) => failed.length > 0) ? separately : [together];
}

async function tolerate(
  sandboxes: Sandboxes,
  id: string,
  deviations: readonly Variant[],
  entries: readonly Entry[],
): Promise<Tolerance> {
  const agents = entries.every(judgesAgents) || deviations.some(isForAgents);
  const stage = await sandboxes.open(
    createSandbox({ keys: sandboxes.keys, aging: true, agents, deviations }),
    {
      profile: findProfile(deviations),
      agents,
      // judgeAll has so many checks at the same time, and each needs sessions of its own.
      workers: Math.min(CONCURRENT_SANDBOXES, entries.length),
    },
  );
  const planned = plan(catalog, stage.target, EVERYTHING).filter(({ ruling }) => ruling === null);
  const applicable = new Set(planned.map(({ requirement }) => requirement.id));
  try {
    const results = await judgeAll(
      stage,
      entries.filter(({ requirement }) => applicable.has(requirement.id)),
    );
    return { id, failed: results.filter(({ status }) => isAlarm(status)), judged: results.length };
  } finally {
    await stage.close();
  }
}
