/**
 * The report as JUnit XML, for the tables of CI systems. The class is the chapter and the name is the id. A failed
 * requirement is a failure. One that could not be judged because of a fault, here or in another step, is an error. One
 * that doesn't apply is skipped. The attribute `type` has our own word for the latter two; a warning is in the output
 * of a test case that passed. Everything is accepted by the strictest reader, Jenkins.
 */

import { formatClause } from '../../../suites/clauses.js';
import type { Result } from '../../../suites/result.js';
import { STATUSES } from '../../../suites/result.js';
import { neutralizeCommands, showControls } from '../harmless.js';
import { describeAcceptance, describeFound } from '../known.js';
import type { Report, ReportedResult } from '../report.js';
import { formatHeadline } from '../terminal/summary.js';

export function renderJunit(report: Report): string {
  const chapters = [...new Set(report.results.map(({ chapter }) => chapter))];
  const suites = chapters.map((chapter) =>
    renderSuite(
      chapter,
      report,
      report.results.filter((result) => result.chapter === chapter),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${renderAttributes(countTotals(report))}>
${suites.join('\n')}
</testsuites>
`;
}

function renderSuite(chapter: string, report: Report, results: readonly ReportedResult[]): string {
  const properties = [
    ['verdict', formatHeadline(report)],
    ['issuer', report.target.issuer],
    ['profile', report.target.profile],
    ['catalog', `${report.tool.catalogVersion} ${report.tool.catalogHash}`],
    ...STATUSES.map((status) => [
      `count.${status}`,
      String(results.filter((result) => result.status === status).length),
    ]),
  ].map(([name = '', value = '']) => `    <property ${renderAttributes({ name, value })}/>`);
  const timestamp = report.startedAt.replace(/\.\d+Z$/, '');
  return `  <testsuite ${renderAttributes({ name: chapter, ...countOutcomes(results), timestamp })}>
  <properties>
${properties.join('\n')}
  </properties>
${results.map((result) => renderTestCase(result)).join('\n')}
  </testsuite>`;
}

function countOutcomes(results: readonly Result[]): Readonly<Record<string, string>> {
  const count = (kind: JunitOutcome) =>
    String(results.filter((result) => findJunitOutcome(result) === kind).length);
  const seconds = results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  return {
    tests: String(results.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
  };
}

/** In the schema that Jenkins uses, the root element has no `skipped`. */
function countTotals({ target, results }: Report): Readonly<Record<string, string>> {
  const { skipped: _, ...rest } = countOutcomes(results);
  return { name: `polar-conformance: ${target.name}`, ...rest };
}

type JunitOutcome = 'none' | 'failure' | 'error' | 'skipped';

function findJunitOutcome({ status }: Result): JunitOutcome {
  switch (status) {
    case 'fail':
      return 'failure';
    case 'blocked':
    case 'error':
      return 'error';
    case 'known':
    case 'not-tested':
    case 'not-applicable':
      return 'skipped';
    case 'pass':
    case 'warn':
      return 'none';
  }
}

function renderTestCase(result: ReportedResult): string {
  const { id, chapter, durationMs } = result;
  const head = renderAttributes({
    classname: chapter,
    name: id,
    time: (durationMs / 1000).toFixed(3),
  });
  const inner = renderOutcome(result);
  return inner === '' ? `    <testcase ${head}/>` : `    <testcase ${head}>\n${inner}\n    </testcase>`;
}

function renderOutcome(result: ReportedResult): string {
  const { status, message, reason, blockedBy, level } = result;
  const text = message ?? reason ?? '';
  switch (findJunitOutcome(result)) {
    case 'failure':
      return `      <failure ${renderAttributes({ message: text, type: level })}>${escapeXml(formatDetails(result))}</failure>`;
    case 'error': {
      const why = blockedBy === null ? text : `blocked by ${blockedBy}: ${text}`;
      return `      <error ${renderAttributes({ message: why, type: status })}>${escapeXml(formatDetails(result))}</error>`;
    }
    case 'skipped':
      if (status === 'known') {
        const known = `known: ${describeFound(result)} ${describeAcceptance(result)}`;
        return `      <skipped ${renderAttributes({ message: known, type: status })}/>`;
      }
      return `      <skipped ${renderAttributes({ message: `${status}: ${text}`, type: status })}/>`;
    case 'none':
      return status === 'warn'
        ? `      <system-out>${escapeXml(`Warning: ${text}\n${formatDetails(result)}`)}</system-out>`
        : '';
  }
}

function formatDetails({
  statement,
  clauses,
  expected,
  received,
  hint,
  repeatCommand,
}: ReportedResult): string {
  return [
    `Rule: ${statement} ${clauses.map(formatClause).join('; ')}`,
    ...(expected === null ? [] : [`Expected: ${expected}`]),
    ...(received === null ? [] : [`Received: ${received}`]),
    ...(hint === null ? [] : [`Next: ${hint}`]),
    ...(repeatCommand === undefined ? [] : [`Again: ${repeatCommand}`]),
  ].join('\n');
}

function renderAttributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => `${name}="${escapeXml(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`,
    )
    .join(' ');
}

/** Escaped, and without the characters that XML 1.0 doesn't have at all. */
function escapeXml(raw: string): string {
  return showControls(neutralizeCommands(raw))
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
