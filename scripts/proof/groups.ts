/** Deviations that can be active together, so that one run judges many. */
import type { Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, type Deviation } from '../../fixtures/sandbox/index.js';

/**
 * Puts each deviation into the first group where it replaces no rule that another one replaces, and changes no
 * endpoint's responses in the same way as another one. So each acts as if it were the only one.
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

/** What a user sees on the way to the answer. */
const PAGES = ['authorize', 'login', 'decision'] as const;

/** @returns whether a variant changes how a user gets to the answer of an authorization request */
export function changesUserPath({ wrap = {}, leads }: Variant): boolean {
  return leads === true || PAGES.some((endpoint) => endpoint in wrap);
}

/**
 * @returns the groups of variants, each for one profile, because only what that profile demands is judged. Variants
 * that lead a user differently have their own groups, because every code may cost a page there.
 */
export function groupVariants(variants: readonly Variant[]): readonly (readonly Variant[])[] {
  const [agents, rest] = partition(variants, (variant) => variant.agents === true);
  const [oidc, polar] = partition(rest, ({ profile }) => profile === 'oidc');
  const [leading, others] = partition(polar, changesUserPath);
  return [others, leading, oidc, agents].flatMap((list) => groupCompatible(list));
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
