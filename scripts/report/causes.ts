/** The failures of a report in the order in which to look at them: worst first, and those of one cause together. */
import { findDecidingExchange } from '../../fixtures/evidence/deciding-exchange.js';
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import { parseJsonObject } from '../../fixtures/parse-json.js';
import { stripQuery } from '../../fixtures/urls.js';
import { findHarm, HARMS } from '../../suites/harm.js';
import { findByStatus, type Report, type ReportedResult } from './report.js';

/** Failures that have one cause. */
export interface FailureGroup {
  /** Their cause, as a phrase; null for a failure that stands by itself. */
  readonly cause: string | null;
  readonly first: ReportedResult;
  /** The others of the same cause. */
  readonly others: readonly ReportedResult[];
}

/** A header that is missing: `no WWW-Authenticate`. */
const MISSING_HEADER = /^no ([A-Z][A-Za-z]*(?:-[A-Za-z]+)+)$/;
/** Parts of a path that name one client or record. */
const LONG_SEGMENT = /\/[\w-]{16,}(?=\/|$)/g;
const LONGEST_CAUSE = 160;

/** @returns failures, then warnings; within both those that do most harm first */
export function sortFailures(report: Report): readonly ReportedResult[] {
  const rank = ({ id }: ReportedResult) => HARMS.indexOf(findHarm(id));
  const byHarm = (results: readonly ReportedResult[]) => results.toSorted((a, b) => rank(a) - rank(b));
  return [...byHarm(findByStatus(report, 'fail')), ...byHarm(findByStatus(report, 'warn'))];
}

/** @returns the same failures, those of one cause where its worst one is */
export function groupFailures(report: Report): readonly FailureGroup[] {
  const groups = new Map<string, { readonly cause: string | null; readonly results: ReportedResult[] }>();
  for (const result of sortFailures(report)) {
    const cause = describeCause(result);
    const key = cause ?? `alone: ${result.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { cause, results: [result] });
    else group.results.push(result);
  }
  return [...groups.values()].flatMap(({ cause, results: [first, ...others] }) =>
    first === undefined ? [] : [{ cause: others.length === 0 ? null : cause, first, others }],
  );
}

/** @returns `5 requirements, one cause: no WWW-Authenticate.` */
export function describeGroup({ cause, others }: FailureGroup): string {
  return `${others.length + 1} requirements, one cause: ${cause}.`;
}

/** A missing header, or an error that an endpoint gives whatever is asked; null if it may have any cause. */
function describeCause(result: ReportedResult): string | null {
  const [, header] = MISSING_HEADER.exec(result.received ?? '') ?? [];
  if (header !== undefined) return `no ${header}`;
  const exchange = findDecidingExchange(result.evidence, result.received, result.decidedBy);
  if (exchange === undefined) return null;
  const { status } = exchange.response;
  // That what is wrong was accepted says nothing about why.
  return status === 0 || status >= 400
    ? `${nameEndpoint(exchange)} answers ${describeAnswer(exchange)}`
    : null;
}

function nameEndpoint({ request }: ExchangeRecord): string {
  return `${request.method} ${stripQuery(request.url).replaceAll(LONG_SEGMENT, '/…')}`;
}

function describeAnswer({ response }: ExchangeRecord): string {
  if (response.status === 0) return 'nothing';
  const { error, error_description: description } = readObject(response.body);
  const said = [error, description].filter((one) => typeof one === 'string' && one !== '');
  return [String(response.status), ...said].join(', ').slice(0, LONGEST_CAUSE);
}

const readObject = (text: string): Readonly<Record<string, unknown>> => parseJsonObject(text) ?? {};
