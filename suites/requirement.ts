/** The vocabulary: a requirement is one rule of one clause that a server keeps or breaks. */
import type { Users } from '../fixtures/browser/types.js';
import { isObject } from '../fixtures/evidence/exchange.js';
import type { Expect } from '../fixtures/expect/types.js';
import type { Flow } from '../fixtures/flow/types.js';
import type { Capability } from '../fixtures/target/capabilities.js';
import type { ProfileName, Target } from '../fixtures/target/settings.js';
import type { Clock } from '../fixtures/time/clock.js';
import type { Clause } from './clauses.js';
import { type ChapterId, type IdsOf, REQUIREMENT_IDS, type RequirementId } from './requirement-ids.js';

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a check stands on. All of it belongs to this one check. */
export interface CheckContext {
  readonly target: Target;
  readonly flow: Flow;
  readonly users: Users;
  readonly expect: Expect;
  /** Registers an altered copy of a secret with the redaction, and returns it. */
  alter(secret: string, how: 'middle' | 'last' | 'longer' | 'shorter' | 'case' | 'random'): string;
  /** Registers a secret that stands where the redaction cannot know it: in the text of a page, say. */
  learn(secret: string, label: string): void;
  readonly time: Clock;
  /** A finding that changes no verdict: which of several allowed answers came, say. */
  remark(text: string): void;
  /**
   * Asks leave for what burdens a server, a burst or a huge body; nothing is paced after it. NotTested elsewhere than
   * on loopback, unless the user allowed it.
   * @param what names it at the start of a sentence: 'A body of 10 MB'
   */
  requireIntrusive(what: string): void;
  /** Waits; for the few checks whose clause speaks of time passing. */
  pause(milliseconds: number): Promise<void>;
}

export interface Requirement<Id extends string = string> {
  /** The search key everywhere: source, CLI, report, defect, tutorial, docs. */
  readonly id: Id;
  readonly level: Level;
  readonly profile: ProfileName;
  /** The clauses, the deciding one first. */
  readonly clauses: readonly [Clause, ...Clause[]];
  readonly needs: readonly Capability[];
  /** The rule in one sentence. */
  readonly statement: string;
  /** What is sent, and what is expected, in prose; printed by `explain`. */
  readonly how: string;
  /** What to look at when it is broken: one sentence for the server's author. */
  readonly hint: string;
  /** Milliseconds until the check is given up as an error of ours; default 30 s. */
  readonly deadline?: number;
  /** Pages are what it judges: each is opened in the browser, and no form is sent without it. */
  readonly byBrowser?: boolean;
  /** It sends a burst or a huge body, which `requireIntrusive` allows on this machine alone. */
  readonly intrusive?: boolean;
  /** It lets time pass: where that means waiting, such checks wait together. */
  readonly waits?: boolean;
  /**
   * It may end what a client was granted, so it asks for an expendableClient: where a client of the target file has
   * to serve, it is judged when all others are, and one after the other.
   */
  readonly serial?: boolean;
  check(context: CheckContext): Promise<void>;
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  /** The healthy steps in order: the scenario that the chapter's checks deviate from. */
  readonly scenario: string;
  readonly requirements: readonly Requirement[];
}

/** Defines a requirement. @param definition its id is listed in requirement-ids.ts */
export function requirement<const Id extends RequirementId>(definition: Requirement<Id>): Requirement<Id> {
  return definition;
}

/** A module of a chapter: all that it exports. */
type Exports = object;

/** The ids of the requirements that a module exports. */
type ExportedIds<Module extends Exports> = Module extends unknown
  ? { [Name in keyof Module]: Module[Name] extends Requirement<infer Id> ? Id : never }[keyof Module]
  : never;

/** What is wrong with a chapter's modules, as a member that nobody can give: the compiler names the ids. */
type Complete<Id extends ChapterId, Exported> = ([Exclude<IdsOf<Id>, Exported>] extends [never]
  ? unknown
  : { readonly missing: Exclude<IdsOf<Id>, Exported> }) &
  ([Exclude<Exported, IdsOf<Id>>] extends [never]
    ? unknown
    : { readonly ofAnotherChapter: Exclude<Exported, IdsOf<Id>> });

/**
 * Defines a chapter by the modules that export its requirements. It doesn't build when one of its ids has no
 * requirement, or when a requirement belongs to another chapter.
 * @returns the chapter, its requirements in the order of requirement-ids.ts
 */
export function chapter<const Id extends ChapterId, const Modules extends readonly Exports[]>(
  definition: Pick<Chapter, 'title' | 'scenario'> & {
    readonly id: Id;
    readonly modules: Modules;
  } & Complete<Id, ExportedIds<Modules[number]>>,
): Chapter {
  const { id, title, scenario, modules } = definition;
  const order: readonly string[] = REQUIREMENT_IDS[id];
  const requirements = modules
    .flatMap((module): unknown[] => Object.values(module))
    .filter(isRequirement)
    .sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
  return { id, title, scenario, requirements };
}

function isRequirement(value: unknown): value is Requirement {
  return isObject(value) && typeof value.id === 'string' && typeof value.check === 'function';
}
