/** What is wrong, one finding after the other: failures and warnings in full, the rest grouped by cause. */

import type { Result, Status } from '../../../suites/result.js';
import { clause } from '../../../suites/sources.js';
import { describeAcceptance, describeFound } from '../known.js';
import { ofStatus, type Report, type ReportedResult } from '../report.js';
import { decisive, exchangeLines } from './exchange.js';
import { clipped, folded, labelled, type Palette, plain } from './text.js';

const MOST_NAMES = 24;

export interface View {
  readonly width: number;
  readonly paint: Palette;
}

/** @returns the lines of everything that is red: failures first, then warnings */
export function redLines(report: Report, view: View): readonly string[] {
  return [...ofStatus(report, 'fail'), ...ofStatus(report, 'warn')].flatMap((result) => [
    ...finding(result, view),
    '',
  ]);
}

function finding(result: ReportedResult, { width, paint }: View): readonly string[] {
  const tag = result.status === 'fail' ? paint.red('FAIL') : paint.yellow('WARN');
  const exchange = decisive(result);
  return [
    `${tag} ${paint.bold(result.id)} ${paint.dim(`(${result.level}, ${result.chapter})`)}`,
    ...indented(result.message ?? result.statement, width).map(paint.bold),
    ...(exchange === undefined ? [] : exchangeLines(exchange, result.evidence.length, width)),
    ...labelled('Expected', plain(result.expected ?? ''), width),
    ...labelled('Received', plain(clipped(result.received ?? '', 600)), width),
    ...labelled('Rule', `${result.statement} ${result.sources.map(clause).join('; ')}`, width),
    ...result.sources.slice(0, 1).flatMap(({ url }) => (url === undefined ? [] : labelled('', url, width))),
    ...result.remarks.flatMap((remark) => labelled('Remark', plain(remark), width)),
    ...(result.next === null ? [] : labelled('Next', plain(result.next), width)),
    // Not folded: a command is there to be copied.
    ...(result.repeat === undefined ? [] : [`  ${'Again'.padEnd(10)}${paint.cyan(plain(result.repeat))}`]),
  ];
}

const GROUPS: readonly { readonly status: Status; readonly title: string }[] = [
  { status: 'error', title: 'ERROR' },
  { status: 'blocked', title: 'BLOCKED' },
  { status: 'not-tested', title: 'NOT TESTED' },
];

/** @returns the lines of everything that was not judged though it should have been, grouped by cause */
export function unjudgedLines(report: Report, { width, paint }: View): readonly string[] {
  return GROUPS.flatMap(({ status, title }) =>
    groupsOf(ofStatus(report, status)).flatMap(({ cause, ids }) => [
      `${paint.yellow(title)} ${ids.length === 1 ? '1 requirement' : `${ids.length} requirements`}`,
      ...indented(cause, width),
      ...folded(someOf(ids), width - 4).map((line) => paint.dim(`    ${line}`)),
      '',
    ]),
  );
}

/** All of them are in the report file; a wall of names hides the failures above it. */
function someOf(ids: readonly string[]): string {
  const shown = ids.slice(0, MOST_NAMES);
  const more = ids.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

interface Group {
  readonly cause: string;
  readonly ids: readonly string[];
}

function groupsOf(results: readonly Result[]): readonly Group[] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const key = result.blockedBy ?? result.reason ?? '';
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((members) => ({
    cause: causeOf(members),
    ids: members.map(({ id }) => id),
  }));
}

/** One broken step is one cause, however differently each requirement met it. */
function causeOf(members: readonly Result[]): string {
  const reasons = [...new Set(members.map(({ reason }) => reason ?? ''))];
  const owner = members[0]?.blockedBy ?? null;
  if (owner === null) return reasons[0] ?? '';
  const more = reasons.length > 1 ? ` (${reasons.length - 1} further reasons are in the report.)` : '';
  return `by ${owner}: ${reasons[0] ?? ''}${more}`;
}

/** @returns the lines of what failed and is accepted by a baseline, each with its reason and its last day */
export function knownLines(report: Report, { width, paint }: View): readonly string[] {
  return ofStatus(report, 'known').flatMap((result) => [
    `${paint.yellow('KNOWN')} ${paint.bold(result.id)} ${paint.dim(`(${result.level}, ${result.chapter}, ${result.was ?? 'unknown'})`)}`,
    ...indented(describeFound(result), width),
    ...labelled('Accepted', plain(describeAcceptance(result)), width),
    '',
  ]);
}

/** @returns one line for each failure, known ones included, for those who want no more */
export function redInBrief(report: Report, { paint }: View): readonly string[] {
  const failed = [...ofStatus(report, 'fail'), ...ofStatus(report, 'warn')].map(
    ({ id, status, message }) =>
      `${status === 'fail' ? paint.red('FAIL') : paint.yellow('WARN')} ${id}: ${plain(message ?? '')}`,
  );
  const known = ofStatus(report, 'known').map(
    (result) =>
      `${paint.yellow('KNOWN')} ${result.id}: ${plain(`${describeFound(result)} Accepted: ${describeAcceptance(result)}`).replaceAll('\n', ' ')}`,
  );
  return [...failed, ...known];
}

function indented(text: string, width: number): readonly string[] {
  return folded(plain(text), width - 2).map((line) => `  ${line}`);
}
