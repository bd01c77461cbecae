/**
 * Decides everything that can be decided before anything is sent: which requirements, in which order, and which not at
 * all.
 */
import { createHash } from 'node:crypto';
import { type Capability, isRequiredByProfile, needsBrowser } from '../fixtures/target/capabilities.js';
import { readClaim } from '../fixtures/target/claims.js';
import type { Target } from '../fixtures/target/settings.js';
import type { Catalog } from './catalog.js';
import { type Selection, select } from './plan/selection.js';
import type { Requirement } from './requirement.js';

/** Why a requirement isn't judged, as known without sending anything. */
export interface Ruling {
  readonly status: 'not-tested' | 'not-applicable';
  readonly capability: Capability;
  readonly reason: string;
  /** The key of the target file that says the server has it; missing if there is none. */
  readonly setting?: string | null;
  /** A run may find out that the server has it. */
  readonly isObservable?: boolean;
  /** Nothing else prevents it: it's judged if the run sees the capability. */
  readonly unlessSeen?: true;
}

export interface Planned {
  readonly requirement: Requirement;
  /** The id of its chapter. */
  readonly chapter: string;
  /** null: it will be judged. */
  readonly ruling: Ruling | null;
}

/** Conditions that aren't properties of the server. */
export interface PlanOptions {
  /** Why there is no browser; null if there may be one. */
  readonly noBrowser: string | null;
}

/**
 * @param catalog the chapters in order
 * @param target the server and what it published
 * @param selection what the user asked for
 * @returns the selected requirements in the order in which they're judged
 * @throws UsageError that names what is unknown
 */
export function plan(
  catalog: Catalog,
  target: Target,
  selection: Selection,
  conditions: PlanOptions = { noBrowser: null },
): readonly Planned[] {
  const planned = select(catalog, target, selection).map(({ chapter, requirement }) => ({
    requirement,
    chapter: chapter.id,
    ruling: ruleOnRequirement(requirement, target, conditions),
  }));
  return selection.order === null ? planned : shuffle(planned, selection.order);
}

/** A missing claim counts before missing settings, because then the rule doesn't apply. */
function ruleOnRequirement(requirement: Requirement, target: Target, conditions: PlanOptions): Ruling | null {
  const rulings = requirement.needs
    .map((capability) => ruleOnCapability(capability, target, conditions))
    .filter((ruling) => ruling !== null);
  const [only] = rulings;
  if (only !== undefined && rulings.length === 1 && only.isObservable) return { ...only, unlessSeen: true };
  return rulings.find(({ status }) => status === 'not-applicable') ?? only ?? null;
}

/** What a server may show in a run even if its metadata doesn't say so. */
const OBSERVABLE: ReadonlySet<Capability> = new Set(['refresh']);

function ruleOnCapability(capability: Capability, target: Target, conditions: PlanOptions): Ruling | null {
  const { claimed, reason: place, missing, setting } = readClaim(capability, target);
  if (claimed) {
    const reason = needsBrowser(capability) ? (conditions.noBrowser ?? missing) : missing;
    return reason === null ? null : { status: 'not-tested', capability, reason };
  }
  const declared = target.settings.unsupported?.[capability];
  if (declared !== undefined) {
    return { status: 'not-applicable', capability, reason: `Declared unsupported: ${declared}` };
  }
  if (!isRequiredByProfile(capability, target)) {
    return {
      status: 'not-applicable',
      capability,
      reason: `The server does not claim it: ${place}.`,
      setting,
      isObservable: OBSERVABLE.has(capability),
    };
  }
  return {
    status: 'not-tested',
    capability,
    reason: `The profile polar requires ${capability}, but ${place}; if the server has none, say why in unsupported.${capability}.`,
  };
}

/** @returns why a requirement isn't judged when it turns out, after planning, that there is no browser */
export function withoutBrowser({ needs }: Requirement, reason: string): Ruling | null {
  const capability = needs.find(needsBrowser);
  return capability === undefined ? null : { status: 'not-tested', capability, reason };
}

/** A shuffled order that is the same for the same seed, whatever else is selected. */
function shuffle(planned: readonly Planned[], seed: string): readonly Planned[] {
  const rank = ({ requirement }: Planned) =>
    createHash('sha256').update(`${seed}\n${requirement.id}`).digest('hex');
  return planned
    .map((each) => ({ each, rank: rank(each) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ each }) => each);
}
