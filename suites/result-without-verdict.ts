/** Results of requirements that no check judged: excluded by the plan, lost by the engine, or cut off by a signal. */
import type { Planned, Ruling } from './plan.js';
import type { Result } from './result.js';

/** @returns the result of a requirement whose check didn't run to its end */
export function resultWithoutVerdict(
  { requirement, chapter }: Pick<Planned, 'requirement' | 'chapter'>,
  status: Ruling['status'] | 'error',
  reason: string,
): Result {
  return {
    id: requirement.id,
    chapter,
    level: requirement.level,
    status,
    statement: requirement.statement,
    clauses: requirement.clauses,
    message: null,
    reason,
    blockedBy: null,
    baselineStatus: null,
    hint: null,
    remarks: [],
    durationMs: 0,
    expected: null,
    received: null,
    evidence: [],
  };
}
