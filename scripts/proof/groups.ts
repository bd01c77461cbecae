/** Deviations that can be in force together, so that a run judges many at once. */
import type { Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, type Deviation } from '../../fixtures/sandbox/index.js';

/**
 * Puts each deviation into the first group in which it replaces no rule that another one replaces, and wraps no
 * endpoint whose responses another one changes in the same respect: so each acts as if it were alone.
 * @param most how many a group may hold
 */
export function groupCompatible<D extends Deviation>(
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

/** What a user meets on the way to the answer. */
const PAGES = ['authorize', 'login', 'decision'] as const;

/** @returns whether a variant changes how a user is led to the answer of an authorization request */
export function changesUserPath({ wrap = {}, leads }: Variant): boolean {
  return leads === true || PAGES.some((endpoint) => endpoint in wrap);
}

/**
 * @returns the groups of variants, each of one profile: what that profile demands is all that is judged. Those that lead
 * a user otherwise stand apart, since with them every code may cost a page.
 */
export function groupVariants(variants: readonly Variant[]): readonly (readonly Variant[])[] {
  const [oidc, polar] = partition(variants, ({ profile }) => profile === 'oidc');
  const [leading, others] = partition(polar, changesUserPath);
  return [others, leading, oidc].flatMap((list) => groupCompatible(list));
}

function partition<Item>(list: readonly Item[], is: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [list.filter(is), list.filter((item) => !is(item))];
}

function isCompatible(members: readonly Deviation[], deviation: Deviation): boolean {
  if (members.some((member) => wrapSameEndpoint(member, deviation))) return false;
  try {
    createSandbox({ deviations: [...members, deviation] });
    return true;
  } catch {
    return false;
  }
}

function wrapSameEndpoint(one: Deviation, other: Deviation): boolean {
  const endpoints = Object.keys(one.wrap ?? {});
  if (!Object.keys(other.wrap ?? {}).some((endpoint) => endpoints.includes(endpoint))) return false;
  return one.touches === undefined || other.touches === undefined || one.touches === other.touches;
}
