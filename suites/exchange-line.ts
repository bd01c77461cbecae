/**
 * How a worker tells an exchange while a check runs: a line of its standard output, which Playwright hands to the
 * reporter at once. What is told holds no secrets any more.
 */
import { type ExchangeRecord, isObject } from '../fixtures/evidence/exchange.js';

const MARK = '\u001epolar-conformance exchange ';

export function printExchange(record: ExchangeRecord): void {
  process.stdout.write(`${MARK}${JSON.stringify(record)}\n`);
}

/** @returns the exchange that this output of a worker tells; null for any other output */
export function parseExchangeLine(output: string): ExchangeRecord | null {
  if (!output.startsWith(MARK)) return null;
  const value: unknown = JSON.parse(output.slice(MARK.length));
  return isExchange(value) ? value : null;
}

/** Our own line: what makes it ours is looked at, not every field. */
function isExchange(value: unknown): value is ExchangeRecord {
  return isObject(value) && isObject(value.request) && isObject(value.response);
}
