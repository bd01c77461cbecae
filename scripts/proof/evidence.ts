/** Whether a reader of a failure finds, in the exchange printed under it, what the finding says came. */
import { findDecidingExchange, listUnshown } from '../../fixtures/evidence/deciding-exchange.js';
import type { Result } from '../../suites/result.js';

/** @returns what the finding says came, and the printed exchange doesn't show; nothing if the two agree */
export function listEvidenceGaps({
  received,
  evidence,
  decidedBy,
}: Pick<Result, 'received' | 'evidence' | 'decidedBy'>): readonly string[] {
  const exchange = findDecidingExchange(evidence, received, decidedBy);
  if (exchange === undefined) return ['no exchange at all'];
  return listUnshown(received ?? '', exchange).map((part) => `${part} (exchange ${exchange.n})`);
}
