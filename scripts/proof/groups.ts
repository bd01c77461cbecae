/** Deviations that can be in force together, so that a run judges many at once. */
import type { Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, type Deviation } from '../../fixtures/sandbox/index.js';

/**
 * Puts each deviation into the first group in which it replaces no rule that another one replaces, and wraps no
 * endpoint whose responses another one changes in the same respect: so each acts as if it were alone.
 * @param most how many a group may hold
 */
export function compatibleGroups<D extends Deviation>(
  deviations: readonly D[],
  most = Number.POSITIVE_INFINITY,
): readonly (readonly D[])[] {
  const groups: D[][] = [];
  for (const deviation of deviations) {
    const group = groups.find((members) => members.length < most && isCompatible(members, deviation));
    if (group === undefined) groups.push([deviation]);
    else group.push(deviation);
  }
  return groups;
}

/** @returns the groups of variants, each of one profile: what that profile demands is all that is judged. */
export function groupsOfVariants(variants: readonly Variant[]): readonly (readonly Variant[])[] {
  const [polar, oidc] = [undefined, 'oidc'].map((profile) =>
    variants.filter((one) => one.profile === profile),
  );
  return [...compatibleGroups(polar ?? []), ...compatibleGroups(oidc ?? [])];
}

function isCompatible(members: readonly Deviation[], deviation: Deviation): boolean {
  if (members.some((member) => wrapTheSame(member, deviation))) return false;
  try {
    createSandbox({ deviations: [...members, deviation] });
    return true;
  } catch {
    return false;
  }
}

function wrapTheSame(one: Deviation, other: Deviation): boolean {
  const endpoints = Object.keys(one.wrap ?? {});
  if (!Object.keys(other.wrap ?? {}).some((endpoint) => endpoints.includes(endpoint))) return false;
  return one.touches === undefined || other.touches === undefined || one.touches === other.touches;
}
