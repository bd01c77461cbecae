/** The vocabulary: a requirement is one rule of one clause that a server follows or breaks. */
import type { Users } from '../fixtures/browser/types.js';
import type { Expect } from '../fixtures/expect/types.js';
import type { Flow } from '../fixtures/flow/verbs.js';
import { isObject } from '../fixtures/parse-json.js';
import type { Capability } from '../fixtures/target/capabilities.js';
import type { RuleProfile, Target } from '../fixtures/target/settings.js';
import type { Clock } from '../fixtures/time/clock.js';
import type { Clause } from './clauses.js';
import { type ChapterId, type IdsOf, REQUIREMENT_IDS, type RequirementId } from './requirement-ids.js';

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a check works with. All of it belongs to this one check. */
export interface CheckContext {
  readonly target: Target;
  readonly flow: Flow;
  readonly users: Users;
  readonly expect: Expect;
  /** Tells the redaction about an altered copy of a secret, and returns it. */
  alter(secret: string, how: 'middle' | 'last' | 'longer' | 'shorter' | 'case' | 'random'): string;
  /** Tells the redaction about a secret where it can't know of one, such as in the text of a page. */
  learn(secret: string, label: string): void;
  readonly time: Clock;
  /** A finding that changes no verdict, such as which of several allowed answers came. */
  remark(text: string): void;
  /**
   * Asks permission for what burdens a server, such as a burst or a huge body; after it, nothing is rate limited.
   * @param what names it at the start of a sentence: 'A body of 10 MB'
   * @throws NotTested if the server isn't on loopback, unless the user allowed it
   */
  requireIntrusive(what: string): void;
  /** Waits; for the few checks whose clause is about time passing. */
  pause(milliseconds: number): Promise<void>;
}

export interface Requirement<Id extends string = string> {
  /** The search key everywhere: source, CLI, report, defect, tutorial, docs. */
  readonly id: Id;
  /** The clause's keyword: a MUST fails, a SHOULD or MAY warns. */
  readonly level: Level;
  /** Why this level, if the keyword alone doesn't say it. */
  readonly levelReason?: string;
  readonly profile: RuleProfile;
  /** The clauses, the deciding one first. */
  readonly clauses: readonly [Clause, ...Clause[]];
  readonly needs: readonly Capability[];
  /** The rule in one sentence. */
  readonly statement: string;
  /** What is sent and what is expected, in prose; `explain` prints it. */
  readonly how: string;
  /** What to look at if it fails: one sentence for the server's author. */
  readonly hint: string;
  /** Milliseconds after which the check ends as our own error; 30 s by default. */
  readonly deadline?: number;
  /** It judges pages: each is opened in the browser, and no form is sent without it. */
  readonly byBrowser?: boolean;
  /** It sends a burst or a huge body, which `requireIntrusive` allows only on loopback by default. */
  readonly intrusive?: boolean;
  /** It lets time pass. If that means waiting, all such checks wait together. */
  readonly waits?: boolean;
  /**
   * It may end what a client was granted, so it asks for a disposableClient. If that has to be a client of the target
   * file, the check runs after all others, one at a time.
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

/** Defines a requirement. @param definition its id has to be in requirement-ids.ts */
export function requirement<const Id extends RequirementId>(definition: Requirement<Id>): Requirement<Id> {
  return definition;
}

/** A module of a chapter: everything that it exports. */
type Exports = object;

/** The ids of the requirements that a module exports. */
type ExportedIds<Module extends Exports> = Module extends unknown
  ? { [Name in keyof Module]: Module[Name] extends Requirement<infer Id> ? Id : never }[keyof Module]
  : never;

/** What is wrong with a chapter's modules, as a member that nobody can provide: the compiler's error names the ids. */
type Complete<Id extends ChapterId, Exported> = ([Exclude<IdsOf<Id>, Exported>] extends [never]
  ? unknown
  : { readonly missing: Exclude<IdsOf<Id>, Exported> }) &
  ([Exclude<Exported, IdsOf<Id>>] extends [never]
    ? unknown
    : { readonly ofAnotherChapter: Exclude<Exported, IdsOf<Id>> });

/**
 * Defines a chapter by the modules that export its requirements. It doesn't build if one of its ids has no requirement,
 * or if a requirement belongs to another chapter.
 * @returns the chapter, with its requirements in the order of requirement-ids.ts
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
