/**
 * How a worker reports an exchange while a check runs: a line on its standard output, which Playwright passes to the
 * reporter at once. Its secrets are already redacted.
 */
import type { ExchangeRecord } from '../fixtures/evidence/exchange.js';
import { isObject } from '../fixtures/parse-json.js';

const MARK = '\u001epolar-conformance exchange ';

export function printExchange(record: ExchangeRecord): void {
  process.stdout.write(`${MARK}${JSON.stringify(record)}\n`);
}

/** @returns the exchange in this worker output; null for any other output */
export function parseExchangeLine(output: string): ExchangeRecord | null {
  if (!output.startsWith(MARK)) return null;
  const value: unknown = JSON.parse(output.slice(MARK.length));
  return isExchange(value) ? value : null;
}

/** It's our own line: we check what makes it ours, not every field. */
function isExchange(value: unknown): value is ExchangeRecord {
  return isObject(value) && isObject(value.request) && isObject(value.response);
}
