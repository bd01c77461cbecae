/** What a rate limit of the server does to a verdict: an answer that never came says nothing about the server. */
import { findDecidingExchange } from '../fixtures/evidence/deciding-exchange.js';
import type { ExchangeRecord } from '../fixtures/evidence/exchange.js';
import { stripQuery } from '../fixtures/urls.js';
import { Blocked, Failed } from '../fixtures/verdict.js';

/**
 * @param evidence the exchanges of the check; one that was sent again in time is followed by its answer
 * @param thrown what ended the check; null if it passed
 * @returns why the result shows nothing: what it's about, or what came last, was answered with 429. Null if it wasn't
 */
export function describeRateLimit(evidence: readonly ExchangeRecord[], thrown: unknown): string | null {
  const { response, request } = findDecisive(evidence, thrown) ?? {};
  if (response?.status !== 429 || request === undefined) return null;
  const wait = response.headers['retry-after'];
  const until = wait !== undefined && /^\d+$/.test(wait) ? `, to be sent again in ${wait} s` : '';
  return `The server limits requests: ${request.method} ${stripQuery(request.url)} was answered with 429${until}, so this couldn't be judged. Raise that limit for the run.`;
}

function findDecisive(evidence: readonly ExchangeRecord[], thrown: unknown): ExchangeRecord | undefined {
  const last = evidence.at(-1);
  if (thrown instanceof Failed) {
    return findDecidingExchange(evidence, thrown.finding.received, thrown.decidedBy ?? undefined) ?? last;
  }
  if (thrown instanceof Blocked && thrown.decidedBy !== null) {
    return evidence.find(({ n }) => n === thrown.decidedBy) ?? last;
  }
  return last;
}
