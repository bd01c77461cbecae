/**
 * What a lesson is: data, and pure functions over the exchanges that the watcher saw. Goals are verified by traffic,
 * never by a typed answer.
 */

import type { EndpointName } from '../../fixtures/sandbox/exchange.js';
import type { RuleName } from '../../fixtures/sandbox/rules/index.js';
import type { StoreData } from '../../fixtures/sandbox/store/records.js';
import type { Learner } from '../learner/learner.js';
import type { ObservedExchange } from '../watcher/exchange.js';
import type { PictureStep } from './picture.js';
import type { Recipe } from './recipe.js';
import type { Values } from './values.js';

export type Part = 'A' | 'B' | 'C' | 'D';

/** What a lesson may look at besides the exchange in question. */
export interface LessonContext {
  readonly issuer: string;
  /** The learner's earlier exchanges in this lesson, oldest first; without this one. */
  readonly past: readonly ObservedExchange[];
  /** Ids of the goals and exercises that the learner has reached. */
  readonly reached: ReadonlySet<string>;
  /** What the tutorial has handed out and captured, such as the learner's client and the last code; before this exchange. */
  readonly values: Values;
  /** The sandbox's records after the exchange. */
  readonly store: StoreData;
}

/** Something the learner has to achieve. */
export interface Goal {
  readonly id: string;
  /** As an instruction: "Fetch the issuer's discovery document." Placeholders like {ISSUER} are filled in. */
  readonly text: string;
  /** The requirement of the catalog that this teaches. */
  readonly requirement: string;
  reached(exchange: ObservedExchange, context: LessonContext): boolean;
}

/** An exercise after the goals: a request that must fail, and a guess at what will happen. */
export interface Exercise {
  readonly id: string;
  /** As an instruction: "Send the same code again. This must fail." */
  readonly text: string;
  readonly requirement: string;
  readonly guess: Guess;
  /** Whether this exchange is the attempt, however it ended. */
  isAttempt(exchange: ObservedExchange, context: LessonContext): boolean;
  /** One of these rules has to refuse the attempt. */
  readonly refusedBy: readonly RuleName[];
  /**
   * Whether the attempt ended as it must, where that isn't a refusal by a rule: when the user denies, for example.
   * By default one of `refusedBy` has to have decided.
   */
  readonly isExpected?: (exchange: ObservedExchange, context: LessonContext) => boolean;
  /** What the learner has just seen, after the attempt ended as it must: one or two sentences. */
  readonly lesson: string;
  /** First which part of the request to change, then which parameter and by which rule. */
  readonly hints: readonly [string, string];
  readonly solution: readonly Recipe[];
  play(learner: Learner): Promise<void>;
}

/** Asked before an exercise; never required. */
export interface Guess {
  readonly question: string;
  readonly choices: readonly [string, string, string];
  /** Index of the right choice. */
  readonly answer: 0 | 1 | 2;
}

/** A known mistake. */
export interface Mistake {
  readonly id: string;
  readonly requirement: string;
  /** @returns what to tell the learner, or null when the exchange isn't this mistake */
  find(exchange: ObservedExchange, context: LessonContext): Finding | null;
  /** Makes the mistake on purpose; the last exchange must be the one that is found. */
  play(learner: Learner): Promise<void>;
}

export interface Finding {
  /** What is wrong and what to do instead, in one or two sentences; never with secret values. */
  readonly message: string;
  /** The two values to show side by side, where a comparison helps; never secret values. */
  readonly sent?: string;
  readonly expected?: string;
}

export interface Lesson {
  readonly id: string;
  readonly part: Part;
  /** "Exchange the code for tokens" */
  readonly title: string;
  readonly minutes: number;
  /** What this is about and what to do: short paragraphs for people who know HTTP but not OAuth. Placeholders like {ISSUER} are filled in. */
  readonly story: readonly string[];
  /** The first request, shown whole so that the learner succeeds right away; for the very first lesson. */
  readonly start?: Recipe;
  /** Terms that appear here for the first time. */
  readonly words: readonly { readonly word: string; readonly meaning: string }[];
  /** Exchanges with these endpoints belong to the lesson; others are unrelated, unless a goal or mistake matches. */
  readonly about: readonly EndpointName[];
  /** Whether an exchange of the tutorial's own sample apps, which has no endpoint, belongs to it. */
  readonly aboutSample?: (exchange: ObservedExchange, context: LessonContext) => boolean;
  /** Which ID Tokens `verify-with` tries: about claims by default, or about keys. */
  readonly idTokens?: 'claims' | 'keys';
  /** The steps of the flow that the lesson is about, for a picture. */
  readonly picture?: readonly PictureStep[];
  readonly goals: readonly [Goal, ...Goal[]];
  readonly exercises: readonly Exercise[];
  readonly mistakes: readonly [Mistake, ...Mistake[]];
  /** A nudge: which part of the request. Then the parameter and its rule. The third hint is the solution with blanks. */
  readonly hints: readonly [string, string];
  readonly solution: readonly Recipe[];
  /** Creates what earlier lessons would have produced; called again, it creates nothing twice. */
  seed(learner: Learner): Promise<void>;
  /** Reaches all goals, as a learner would. */
  play(learner: Learner): Promise<void>;
  /** After success: three lines on why it works this way. */
  readonly why: readonly [string, string, string];
  /** "In production …" */
  readonly production: string;
}

/** Defines a lesson; the type does the work. */
export const lesson = (definition: Lesson): Lesson => definition;
