/**
 * The vocabulary of a lesson: data and pure functions over what the watcher saw. What is verified is verified by
 * traffic, never by a typed answer.
 */

import type { EndpointName } from '../../fixtures/sandbox/exchange.js';
import type { RuleName } from '../../fixtures/sandbox/rules/index.js';
import type { StoreData } from '../../fixtures/sandbox/store/records.js';
import type { Learner } from '../learner/learner.js';
import type { Seen } from '../watcher/seen.js';
import type { Recipe } from './recipe.js';
import type { Values } from './values.js';

export type Part = 'A' | 'B' | 'C' | 'D';

/** What a lesson may look at beside the exchange in question. */
export interface Scene {
  readonly issuer: string;
  /** What the learner did before in this lesson, the oldest first; without this exchange. */
  readonly past: readonly Seen[];
  /** Ids of the goals and exercises that are behind the learner. */
  readonly reached: ReadonlySet<string>;
  /** What the tutorial has handed out and noticed: the learner's client, the last code. As before this exchange. */
  readonly values: Values;
  /** What the sandbox remembers after the exchange. */
  readonly store: StoreData;
}

/** Something that the learner has to bring about. */
export interface Goal {
  readonly id: string;
  /** As an order: "Ask the discovery document for all addresses". */
  readonly text: string;
  /** The requirement of the catalog that this teaches. */
  readonly requirement: string;
  reached(exchange: Seen, scene: Scene): boolean;
}

/** An exercise after the goals: something that must fail, and a guess at what will happen. */
export interface Break {
  readonly id: string;
  /** As an order: "Send the same code again. This must fail." */
  readonly text: string;
  readonly requirement: string;
  readonly guess: Guess;
  /** Whether this exchange is the attempt, however it ended. */
  tried(exchange: Seen, scene: Scene): boolean;
  /** The rules of which one has to refuse the attempt. */
  readonly refusedBy: readonly RuleName[];
  /**
   * Whether the attempt ended as it must, where that is no refusal by a rule: a user who denies, say. Without it
   * one of `refusedBy` has to have decided.
   */
  readonly ended?: (exchange: Seen, scene: Scene) => boolean;
  /** What the learner has seen, after it ended as it must: one or two sentences. */
  readonly lesson: string;
  /** Which part of the request, and then: which parameter, by which rule. */
  readonly hints: readonly [string, string];
  readonly solution: readonly Recipe[];
  play(learner: Learner): Promise<void>;
}

/** Asked before a break exercise; never required. */
export interface Guess {
  readonly question: string;
  readonly choices: readonly [string, string, string];
  /** Index of the right one. */
  readonly answer: 0 | 1 | 2;
}

/** A known wrong way. */
export interface Mistake {
  readonly id: string;
  readonly requirement: string;
  /** @returns what to say, or null when this exchange is no such mistake */
  find(exchange: Seen, scene: Scene): Finding | null;
  /** Makes the mistake on purpose; the last exchange must be the one that is found. */
  play(learner: Learner): Promise<void>;
}

export interface Finding {
  /** What is wrong and what to do instead, in one or two sentences; without secret values. */
  readonly message: string;
  /** The two to lay side by side, where a comparison helps; never secret values. */
  readonly sent?: string;
  readonly expected?: string;
}

export interface Lesson {
  readonly id: string;
  readonly part: Part;
  /** "Exchange the code for tokens" */
  readonly title: string;
  readonly minutes: number;
  /** What this is about and what to do: short paragraphs for people who know HTTP and not OAuth. */
  readonly story: readonly string[];
  /** Words that appear here for the first time. */
  readonly words: readonly { readonly word: string; readonly meaning: string }[];
  /** Exchanges with these endpoints belong to the lesson; others are unrelated, unless a goal or mistake knows them. */
  readonly about: readonly EndpointName[];
  /** Whether an exchange of the tutorial's own sample apps, which has no endpoint, belongs to it. */
  readonly aboutSample?: (exchange: Seen, scene: Scene) => boolean;
  readonly goals: readonly [Goal, ...Goal[]];
  readonly breaks: readonly Break[];
  readonly mistakes: readonly [Mistake, ...Mistake[]];
  /** A nudge: which part of the request. Then the parameter and its rule. The third hint is the solution unfilled. */
  readonly hints: readonly [string, string];
  readonly solution: readonly Recipe[];
  /** Brings about what earlier lessons would have produced; asked for again it makes nothing twice. */
  seed(learner: Learner): Promise<void>;
  /** Reaches all goals, as a learner would. */
  play(learner: Learner): Promise<void>;
  /** After success: three lines of why. */
  readonly why: readonly [string, string, string];
  /** "In production …" */
  readonly production: string;
}

/** Names a lesson; the type does the work. */
export const lesson = (definition: Lesson): Lesson => definition;
