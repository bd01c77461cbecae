/** What is said of an exchange, as text that any view can lay out. Without secrets: only lessons put words in. */
import { findEntry } from '../../suites/catalog.js';
import { formatClause } from '../../suites/clauses.js';
import { difference } from '../lessons/compare.js';
import type { Verdict } from './judge.js';
import type { Seen } from './seen.js';

export interface Feedback {
  readonly kind: Verdict['kind'];
  /** Of the mistake, exercise or first goal that it is about; null for the rest. */
  readonly id: string | null;
  /** `POST /v1/oauth2/token`, without query: there codes and secrets would stand. */
  readonly request: string;
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One or a few sentences. */
  readonly message: string;
  readonly comparison: Comparison | null;
  readonly requirement: string | null;
  readonly clause: Clause | null;
}

export interface Comparison {
  readonly expected: string;
  readonly sent: string;
  /** In a few words. */
  readonly difference: string;
}

export interface Clause {
  readonly text: string;
  readonly url: string | null;
}

/** @returns what to say of this exchange */
export function feedbackOf(verdict: Verdict, exchange: Seen): Feedback {
  const { method, url, status, at } = exchange;
  const said = sayingOf(verdict);
  return {
    kind: verdict.kind,
    id: said.id ?? null,
    request: `${method} ${url.pathname}`,
    status,
    at,
    message: said.message,
    comparison: said.comparison ?? null,
    requirement: said.requirement ?? null,
    clause: said.requirement === undefined ? null : clauseOfRequirement(said.requirement),
  };
}

interface Saying {
  readonly message: string;
  readonly id?: string;
  readonly requirement?: string;
  readonly comparison?: Comparison | null;
}

function sayingOf(verdict: Verdict): Saying {
  switch (verdict.kind) {
    case 'goal': {
      const [first] = verdict.goals;
      const lessons = verdict.goals.flatMap((goal) => ('lesson' in goal ? [goal.lesson] : []));
      return {
        message: lessons.length > 0 ? lessons.join(' ') : 'That is it.',
        ...(first === undefined ? {} : { id: first.id, requirement: first.requirement }),
      };
    }
    case 'mistake': {
      const { mistake, finding } = verdict;
      return {
        id: mistake.id,
        requirement: mistake.requirement,
        message: finding.message,
        comparison: comparisonOf(finding),
      };
    }
    case 'near-miss':
      return {
        id: verdict.exercise.id,
        requirement: verdict.exercise.requirement,
        message: `Refused, but for another reason than this exercise is about: ${verdict.because}`,
      };
    case 'accepted':
      return {
        id: verdict.exercise.id,
        requirement: verdict.exercise.requirement,
        message: `The server accepted what it must refuse: ${verdict.exercise.requirement}.`,
      };
    case 'refused':
      return {
        message: `The server refused it. Most servers tell no more than the error code; this one knew: ${verdict.because}`,
      };
    case 'progress':
      return { message: 'Seen. It is on the way, but no goal yet.' };
    case 'fault':
      return { message: `It could not be judged, which is a fault of the tutorial: ${verdict.because}` };
    case 'unrelated':
      return { message: 'Seen. It does not belong to this lesson.' };
  }
}

function comparisonOf({
  sent,
  expected,
}: {
  readonly sent?: string;
  readonly expected?: string;
}): Comparison | null {
  if (sent === undefined || expected === undefined) return null;
  return { expected, sent, difference: difference(expected, sent) ?? 'none' };
}

/** @returns the deciding clause of a requirement; null for an id that is none */
export function clauseOfRequirement(id: string): Clause | null {
  const source = findEntry(id)?.requirement.clauses[0];
  return source === undefined ? null : { text: formatClause(source), url: source.url ?? null };
}
