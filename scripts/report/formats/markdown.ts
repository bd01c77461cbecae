/** The report as Markdown, for the summary page of a pipeline: the verdict, what is red, and what was not judged. */
import type { Status } from '../../../suites/result.js';
import { clause } from '../../../suites/sources.js';
import { describeFound } from '../known.js';
import { ofStatus, type Report, type ReportedResult } from '../report.js';
import { countsLine, verdictLine } from '../terminal/summary.js';

/** A summary page has a limit of size, and a reader has one of patience. */
const MOST_ROWS = 100;

export function reportMarkdown(report: Report): string {
  const { target, tool, durationMs } = report;
  const red = [...ofStatus(report, 'fail'), ...ofStatus(report, 'warn')];
  const lines = [
    `# ${icon(report)} ${cell(verdictLine(report))}`,
    '',
    `${cell(target.name)} (${cell(target.issuer)}, profile ${target.profile}), catalogue ${tool.catalogue}, ${(durationMs / 1000).toFixed(1)} s: ${countsLine(report)}.`,
    '',
    ...report.exit.because.map((sentence) => `- ${cell(sentence)}`),
    ...(report.exit.because.length === 0 ? [] : ['']),
    ...redRows(red),
    ...unjudged(report, 'blocked', 'Blocked'),
    ...unjudged(report, 'error', 'Errors'),
    ...unjudged(report, 'not-tested', 'Not tested'),
    ...knownRows(report),
    ...absent(report),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function icon({ verdict, exit }: Report): string {
  if (exit.code === 1) return '❌';
  return verdict === 'conforming' ? '✅' : '⚠️';
}

function redRows(red: readonly ReportedResult[]): readonly string[] {
  if (red.length === 0) return [];
  const rows = red.slice(0, MOST_ROWS).flatMap((result) => {
    const { id, status, level, message, expected, received, next, sources, repeat } = result;
    return [
      `### ${status === 'fail' ? '❌' : '⚠️'} \`${id}\``,
      '',
      `**${cell(message ?? '')}** (${level}, ${sources.map(linked).join('; ')})`,
      '',
      ...(expected === null ? [] : [`- Expected: ${cell(expected)}`]),
      ...(received === null ? [] : [`- Received: ${cell(received)}`]),
      ...(next === null ? [] : [`- Next: ${cell(next)}`]),
      ...(repeat === undefined ? [] : [`- Again: ${code(repeat)}`]),
      '',
    ];
  });
  const more = red.length - MOST_ROWS;
  return ['## What failed', '', ...rows, ...(more > 0 ? [`And ${more} more.`, ''] : [])];
}

function linked(source: ReportedResult['sources'][number]): string {
  return source.url === undefined ? cell(clause(source)) : `[${cell(clause(source))}](${source.url})`;
}

function unjudged(report: Report, status: Status, title: string): readonly string[] {
  const results = ofStatus(report, status);
  if (results.length === 0) return [];
  const rows = results
    .slice(0, MOST_ROWS)
    .map(
      ({ id, blockedBy, reason, message }) =>
        `| \`${id}\` | ${cell(`${blockedBy === null ? '' : `by ${blockedBy}: `}${reason ?? message ?? ''}`)} |`,
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
  const results = ofStatus(report, 'known');
  if (results.length === 0) return [];
  const rows = results
    .slice(0, MOST_ROWS)
    .map(
      (result) =>
        `| \`${result.id}\` | ${cell(describeFound(result))} | ${cell(result.known?.reason ?? '')} | ${result.known?.expires ?? 'no end'} |`,
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

function absent({ absent: absences }: Report): readonly string[] {
  if (absences.length === 0) return [];
  return [
    '## Not claimed by the server',
    '',
    ...absences.map(
      ({ capability, requirements, reason }) => `- ${capability} (${requirements}): ${cell(reason)}`,
    ),
    '',
  ];
}

/** A code span that may hold any command: its fence is longer than every run of backticks in it. */
function code(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const pad = runs.length > 0 ? ' ' : '';
  return `${fence}${pad}${text.replaceAll('\n', ' ')}${pad}${fence}`;
}

/** Text of a server, which must become neither markup nor a row of its own. */
function cell(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~]/g, (mark) => `\\${mark}`);
}
