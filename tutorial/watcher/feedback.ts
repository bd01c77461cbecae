/** What the learner is told about an exchange, as text that any view can lay out. It has no secrets: only lessons write it. */
import { findEntry } from '../../suites/catalog.js';
import { formatClause } from '../../suites/clauses.js';
import { describeDifference } from '../lessons/compare.js';
import { serverReason, type Verdict } from './classify.js';
import type { ObservedExchange } from './exchange.js';

export interface Feedback {
  readonly kind: Verdict['kind'];
  /** Id of the mistake, exercise or first goal that it is about; null otherwise. */
  readonly id: string | null;
  /** `POST /v1/oauth2/token`, without the query, which may have codes and secrets. */
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

/** @returns what to tell the learner about this exchange */
export function createFeedback(verdict: Verdict, exchange: ObservedExchange): Feedback {
  const { method, url, status, at } = exchange;
  const text = describeVerdict(verdict, exchange);
  return {
    kind: verdict.kind,
    id: text.id ?? null,
    request: `${method} ${url.pathname}`,
    status,
    at,
    message: text.message,
    comparison: text.comparison ?? null,
    requirement: text.requirement ?? null,
    clause: text.requirement === undefined ? null : findClause(text.requirement),
  };
}

interface VerdictText {
  readonly message: string;
  readonly id?: string;
  readonly requirement?: string;
  readonly comparison?: Comparison | null;
}

function describeVerdict(verdict: Verdict, exchange: ObservedExchange): VerdictText {
  switch (verdict.kind) {
    case 'goal': {
      const [first] = verdict.goals;
      const lessons = verdict.goals.flatMap((goal) => ('lesson' in goal ? [goal.lesson] : []));
      return {
        message: lessons.length > 0 ? lessons.join(' ') : 'That’s it.',
        ...(first === undefined ? {} : { id: first.id, requirement: first.requirement }),
      };
    }
    case 'mistake': {
      const { mistake, finding } = verdict;
      return {
        id: mistake.id,
        requirement: mistake.requirement,
        message: finding.message,
        comparison: createComparison(finding),
      };
    }
    case 'near-miss':
      return {
        id: verdict.exercise.id,
        requirement: verdict.exercise.requirement,
        message: `Refused, but not for the reason this exercise is about: ${verdict.because}`,
      };
    case 'accepted':
      return {
        id: verdict.exercise.id,
        requirement: verdict.exercise.requirement,
        message: `The server accepted what it must refuse: ${verdict.exercise.requirement}.`,
      };
    case 'refused':
      return { message: describeRefusal(exchange) };
    case 'repeated':
      return { message: 'Got it. You’ve already done this one.' };
    case 'progress':
      return { message: 'Got it. On the right track.' };
    case 'fault':
      return {
        message: `The tutorial couldn’t check this request. That’s a bug in the tutorial: ${verdict.because}`,
      };
    case 'unrelated':
      return { message: 'Got it. Not part of this lesson.' };
  }
}

function createComparison({
  sent,
  expected,
}: {
  readonly sent?: string;
  readonly expected?: string;
}): Comparison | null {
  if (sent === undefined || expected === undefined) return null;
  return { expected, sent, difference: describeDifference(expected, sent) ?? 'none' };
}

/** What the response said, and what the sandbox knew beyond that. */
function describeRefusal(exchange: ObservedExchange): string {
  const { reason, description, error, status } = exchange;
  if (reason === null) return `The server refused it with status ${status}. Hint 1 says where to look.`;
  if (reason === description) return `The server refused it: ${serverReason(exchange)}`;
  return `The server refused it. The response only says ${error ?? status}; here is what the server knew: ${serverReason(exchange)}`;
}

/** @returns the deciding clause of a requirement; null for an unknown id */
export function findClause(id: string): Clause | null {
  const source = findEntry(id)?.requirement.clauses[0];
  return source === undefined ? null : { text: formatClause(source), url: source.url ?? null };
}
