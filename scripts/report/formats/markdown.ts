/** The report as Markdown, for a pipeline's summary page: the verdict, what failed, and what was not judged. */

import { formatClause } from '../../../suites/clauses.js';
import { findHarm, HARM_SENTENCES } from '../../../suites/harm.js';
import type { Status } from '../../../suites/result.js';
import { describeGroup, type FailureGroup, groupFailures } from '../causes.js';
import { neutralizeCommands, showControls } from '../harmless.js';
import { describeFound } from '../known.js';
import { describeNotClaimed } from '../not-claimed.js';
import { findByStatus, type Report, type ReportedResult } from '../report.js';
import { formatCounts, formatHeadline } from '../terminal/summary.js';

/** A summary page has a size limit, and its readers have little patience. */
const MAX_ROWS = 100;

export function renderMarkdown(report: Report): string {
  const { target, tool, durationMs } = report;
  const sentences = [describeNotClaimed(report) ?? '', ...report.exit.reasons].filter((one) => one !== '');
  const lines = [
    `# ${findIcon(report)} ${escapeMarkdown(formatHeadline(report))}`,
    '',
    `${escapeMarkdown(target.name)} (${escapeMarkdown(target.issuer)}, profile ${target.profile}), catalog ${tool.catalogVersion}, ${(durationMs / 1000).toFixed(1)} s: ${formatCounts(report)}.`,
    '',
    ...sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`),
    ...(sentences.length === 0 ? [] : ['']),
    ...renderFailures(report),
    ...renderUnjudged(report, 'blocked', 'Blocked'),
    ...renderUnjudged(report, 'error', 'Errors'),
    ...renderUnjudged(report, 'not-tested', 'Not tested'),
    ...knownRows(report),
    ...renderNotClaimed(report),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function findIcon({ verdict, exit }: Report): string {
  if (exit.code === 1) return '❌';
  return verdict === 'conforming' ? '✅' : '⚠️';
}

function renderFailures(report: Report): readonly string[] {
  const groups = groupFailures(report);
  if (groups.length === 0) return [];
  const rows = groups.slice(0, MAX_ROWS).flatMap((group) => {
    const { id, status, level, message, expected, received, hint, clauses, repeatCommand } = group.first;
    return [
      `### ${status === 'fail' ? '❌' : '⚠️'} \`${id}\``,
      '',
      `**${escapeMarkdown(message ?? '')}** (${level}, ${clauses.map(renderClause).join('; ')})`,
      '',
      `- Harm: ${HARM_SENTENCES[findHarm(id)]}`,
      ...(expected === null ? [] : [`- Expected: ${escapeMarkdown(expected)}`]),
      ...(received === null ? [] : [`- Received: ${escapeMarkdown(received)}`]),
      ...(hint === null ? [] : [`- Next: ${escapeMarkdown(hint)}`]),
      ...(repeatCommand === undefined ? [] : [`- Again: ${renderCodeSpan(repeatCommand)}`]),
      ...renderOthers(group),
      '',
    ];
  });
  const more = groups.length - MAX_ROWS;
  return ['## What failed', '', ...rows, ...(more > 0 ? [`And ${more} more.`, ''] : [])];
}

/** The others of the same cause, one line each. */
function renderOthers(group: FailureGroup): readonly string[] {
  if (group.others.length === 0) return [];
  return [
    `- ${escapeMarkdown(describeGroup(group))}`,
    ...group.others
      .slice(0, MAX_ROWS)
      .map(({ id, status, message }) => `  - \`${id}\` (${status}): ${escapeMarkdown(message ?? '')}`),
  ];
}

function renderClause(source: ReportedResult['clauses'][number]): string {
  return source.url === undefined
    ? escapeMarkdown(formatClause(source))
    : `[${escapeMarkdown(formatClause(source))}](${source.url})`;
}

function renderUnjudged(report: Report, status: Status, title: string): readonly string[] {
  const results = findByStatus(report, status);
  if (results.length === 0) return [];
  const rows = results
    .slice(0, MAX_ROWS)
    .map(
      ({ id, blockedBy, reason, message }) =>
        `| \`${id}\` | ${escapeMarkdown(`${blockedBy === null ? '' : `by ${blockedBy}: `}${reason ?? message ?? ''}`)} |`,
    );
  const more = results.length - rows.length;
  return [
    `## ${title}: ${results.length}`,
    '',
    '| Requirement | Why |',
    '| --- | --- |',
    ...rows,
    '',
    ...(more > 0 ? [`And ${more} more.`, ''] : []),
  ];
}

/** What a baseline accepts: a green check mark that hides it would mislead. */
function knownRows(report: Report): readonly string[] {
  const results = findByStatus(report, 'known');
  if (results.length === 0) return [];
  const rows = results
    .slice(0, MAX_ROWS)
    .map(
      (result) =>
        `| \`${result.id}\` | ${escapeMarkdown(describeFound(result))} | ${escapeMarkdown(result.known?.reason ?? '')} | ${result.known?.expires ?? 'no end'} |`,
    );
  const more = results.length - rows.length;
  return [
    `## Known: ${results.length}`,
    '',
    '| Requirement | Found | Accepted because | Until |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(more > 0 ? [`And ${more} more.`, ''] : []),
  ];
}

function renderNotClaimed({ notClaimed: absences }: Report): readonly string[] {
  if (absences.length === 0) return [];
  return [
    '## Not claimed by the server',
    '',
    ...absences.map(
      ({ capability, requirements, reason }) =>
        `- ${capability} (${requirements}): ${escapeMarkdown(reason)}`,
    ),
    '',
  ];
}

/** A code span for any command: its fence is longer than every run of backticks in it. */
function renderCodeSpan(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const pad = runs.length > 0 ? ' ' : '';
  return `${fence}${pad}${showControls(text).replaceAll('\n', ' ')}${pad}${fence}`;
}

/** Text from a server, which must not become markup or a row of its own. */
function escapeMarkdown(text: string): string {
  return showControls(neutralizeCommands(text))
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~]/g, (mark) => `\\${mark}`);
}
