/** What is wrong, one finding after the other: failures and warnings in full, the rest grouped by cause. */

import { findDecidingExchange } from '../../../fixtures/evidence/deciding-exchange.js';
import {
  clip,
  escapeControls,
  formatLabeled,
  type Palette,
  wrapText,
} from '../../../fixtures/output/terminal-text.js';
import { formatClause } from '../../../suites/clauses.js';
import { findHarm, HARM_SENTENCES } from '../../../suites/harm.js';
import type { Result, Status } from '../../../suites/result.js';
import { describeGroup, type FailureGroup, groupFailures, sortFailures } from '../causes.js';
import { describeAcceptance, describeFound } from '../known.js';
import { findByStatus, type Report, type ReportedResult } from '../report.js';
import { formatExchange } from './exchange.js';

const MAX_NAMES = 24;

export interface View {
  readonly width: number;
  readonly paint: Palette;
}

/** @returns the lines of every failure, then of every warning; those of one cause are named under the first */
export function formatFailures(report: Report, view: View): readonly string[] {
  return groupFailures(report).flatMap((group) => [
    ...formatFinding(group.first, view),
    ...formatOthers(group, view),
    '',
  ]);
}

function formatOthers(group: FailureGroup, { width, paint }: View): readonly string[] {
  if (group.others.length === 0) return [];
  const [title = '', ...more] = formatLabeled('Also', escapeControls(describeGroup(group)), width);
  return [
    title,
    ...more,
    ...group.others.flatMap(({ id, status, message, repeatCommand }) => [
      ...formatLabeled('', `${id} (${status}): ${escapeControls(message ?? '')}`, width),
      ...(repeatCommand === undefined
        ? []
        : [`  ${''.padEnd(10)}${paint.cyan(escapeControls(repeatCommand))}`]),
    ]),
  ];
}

function formatFinding(result: ReportedResult, { width, paint }: View): readonly string[] {
  const tag = result.status === 'fail' ? paint.red('FAIL') : paint.yellow('WARN');
  const exchange = findDecidingExchange(result.evidence, result.received, result.decidedBy);
  return [
    `${tag} ${paint.bold(result.id)} ${paint.dim(`(${result.level}, ${result.chapter})`)}`,
    ...indent(result.message ?? result.statement, width).map(paint.bold),
    ...(exchange === undefined ? [] : formatExchange(exchange, result.evidence.length, width)),
    ...formatLabeled('Expected', escapeControls(result.expected ?? ''), width),
    ...formatLabeled('Received', escapeControls(clip(result.received ?? '', 600)), width),
    ...formatLabeled('Harm', HARM_SENTENCES[findHarm(result.id)], width),
    ...formatLabeled('Rule', `${result.statement} ${result.clauses.map(formatClause).join('; ')}`, width),
    ...result.clauses
      .slice(0, 1)
      .flatMap(({ url }) => (url === undefined ? [] : formatLabeled('', url, width))),
    ...result.remarks.flatMap((remark) => formatLabeled('Remark', escapeControls(remark), width)),
    ...(result.hint === null ? [] : formatLabeled('Next', escapeControls(result.hint), width)),
    // Not wrapped: a command is there to be copied.
    ...(result.repeatCommand === undefined
      ? []
      : [`  ${'Again'.padEnd(10)}${paint.cyan(escapeControls(result.repeatCommand))}`]),
  ];
}

const GROUPS: readonly { readonly status: Status; readonly title: string }[] = [
  { status: 'error', title: 'ERROR' },
  { status: 'blocked', title: 'BLOCKED' },
  { status: 'not-tested', title: 'NOT TESTED' },
];

/** @returns the lines of everything that should have been judged but wasn't, grouped by cause */
export function formatUnjudged(report: Report, { width, paint }: View): readonly string[] {
  return GROUPS.flatMap(({ status, title }) =>
    groupByCause(findByStatus(report, status)).flatMap(({ cause, ids }) => [
      `${paint.yellow(title)} ${ids.length === 1 ? '1 requirement' : `${ids.length} requirements`}`,
      ...indent(cause, width),
      ...wrapText(shortenList(ids), width - 4).map((line) => paint.dim(`    ${line}`)),
      '',
    ]),
  );
}

/** The report file has all of them; a wall of names would hide the failures above it. */
function shortenList(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_NAMES);
  const more = ids.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

interface Group {
  readonly cause: string;
  readonly ids: readonly string[];
}

function groupByCause(results: readonly Result[]): readonly Group[] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const key = result.blockedBy ?? result.reason ?? '';
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [result]);
    else members.push(result);
  }
  return [...groups.values()].map((members) => ({
    cause: describeCause(members),
    ids: members.map(({ id }) => id),
  }));
}

/** One failed step is one cause, however differently each requirement ran into it. */
function describeCause(members: readonly Result[]): string {
  const reasons = [...new Set(members.map(({ reason }) => reason ?? ''))];
  const owner = members[0]?.blockedBy ?? null;
  if (owner === null) return reasons[0] ?? '';
  const more = reasons.length > 1 ? ` (${reasons.length - 1} more reasons are in the report.)` : '';
  return `by ${owner}: ${reasons[0] ?? ''}${more}`;
}

/** @returns the lines of the failures that a baseline accepts, each with its reason and its last day */
export function knownLines(report: Report, { width, paint }: View): readonly string[] {
  return findByStatus(report, 'known').flatMap((result) => [
    `${paint.yellow('KNOWN')} ${paint.bold(result.id)} ${paint.dim(`(${result.level}, ${result.chapter}, ${result.baselineStatus ?? 'unknown'})`)}`,
    ...indent(describeFound(result), width),
    ...formatLabeled('Accepted', escapeControls(describeAcceptance(result)), width),
    '',
  ]);
}

/** @returns only one line for each failure, including known ones */
export function formatFailuresBriefly(report: Report, { paint }: View): readonly string[] {
  const failed = sortFailures(report).map(
    ({ id, status, message }) =>
      `${status === 'fail' ? paint.red('FAIL') : paint.yellow('WARN')} ${id}: ${escapeControls(message ?? '')}`,
  );
  const known = findByStatus(report, 'known').map(
    (result) =>
      `${paint.yellow('KNOWN')} ${result.id}: ${escapeControls(`${describeFound(result)} Accepted: ${describeAcceptance(result)}`).replaceAll('\n', ' ')}`,
  );
  return [...failed, ...known];
}

function indent(text: string, width: number): readonly string[] {
  return wrapText(escapeControls(text), width - 2).map((line) => `  ${line}`);
}
