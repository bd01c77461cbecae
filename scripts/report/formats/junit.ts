/**
 * The report as JUnit XML, for the tables that pipelines show. The class is the chapter and the name the id. What
 * breaks a rule is a failure; what could not be looked at because of a fault, here or in another step, is an error;
 * what was set aside is skipped. The attribute `type` keeps our own word for the latter two; a warning stands in the
 * output of a case that passed. Nothing else is written than what the strictest reader, Jenkins, accepts.
 */
import type { Result } from '../../../suites/result.js';
import { STATUSES } from '../../../suites/result.js';
import { clause } from '../../../suites/sources.js';
import { describeAcceptance, describeFound } from '../known.js';
import type { Report, ReportedResult } from '../report.js';
import { verdictLine } from '../terminal/summary.js';

export function reportJunit(report: Report): string {
  const chapters = [...new Set(report.results.map(({ chapter }) => chapter))];
  const suites = chapters.map((chapter) =>
    suite(
      chapter,
      report,
      report.results.filter((result) => result.chapter === chapter),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${attributes(total(report))}>
${suites.join('\n')}
</testsuites>
`;
}

function suite(chapter: string, report: Report, results: readonly ReportedResult[]): string {
  const properties = [
    ['verdict', verdictLine(report)],
    ['issuer', report.target.issuer],
    ['profile', report.target.profile],
    ['catalogue', `${report.tool.catalogue} ${report.tool.catalogueHash}`],
    ...STATUSES.map((status) => [
      `count.${status}`,
      String(results.filter((result) => result.status === status).length),
    ]),
  ].map(([name = '', value = '']) => `    <property ${attributes({ name, value })}/>`);
  const timestamp = report.startedAt.replace(/\.\d+Z$/, '');
  return `  <testsuite ${attributes({ name: chapter, ...tally(results), timestamp })}>
  <properties>
${properties.join('\n')}
  </properties>
${results.map((result) => testcase(result)).join('\n')}
  </testsuite>`;
}

function tally(results: readonly Result[]): Readonly<Record<string, string>> {
  const count = (kind: Kind) => String(results.filter((result) => kindOf(result) === kind).length);
  const seconds = results.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  return {
    tests: String(results.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
  };
}

/** The root element of the schema that Jenkins holds a file against has no `skipped`. */
function total({ target, results }: Report): Readonly<Record<string, string>> {
  const { skipped: _, ...rest } = tally(results);
  return { name: `polar-conformance: ${target.name}`, ...rest };
}

type Kind = 'none' | 'failure' | 'error' | 'skipped';

function kindOf({ status }: Result): Kind {
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

function testcase(result: ReportedResult): string {
  const { id, chapter, durationMs } = result;
  const head = attributes({
    classname: chapter,
    name: id,
    time: (durationMs / 1000).toFixed(3),
  });
  const inner = outcome(result);
  return inner === '' ? `    <testcase ${head}/>` : `    <testcase ${head}>\n${inner}\n    </testcase>`;
}

function outcome(result: ReportedResult): string {
  const { status, message, reason, blockedBy, level } = result;
  const said = message ?? reason ?? '';
  switch (kindOf(result)) {
    case 'failure':
      return `      <failure ${attributes({ message: said, type: level })}>${text(details(result))}</failure>`;
    case 'error': {
      const why = blockedBy === null ? said : `blocked by ${blockedBy}: ${said}`;
      return `      <error ${attributes({ message: why, type: status })}>${text(details(result))}</error>`;
    }
    case 'skipped':
      if (status === 'known') {
        const known = `known: ${describeFound(result)} ${describeAcceptance(result)}`;
        return `      <skipped ${attributes({ message: known, type: status })}/>`;
      }
      return `      <skipped ${attributes({ message: `${status}: ${said}`, type: status })}/>`;
    case 'none':
      return status === 'warn'
        ? `      <system-out>${text(`Warning: ${said}\n${details(result)}`)}</system-out>`
        : '';
  }
}

function details({ statement, sources, expected, received, next, repeat }: ReportedResult): string {
  return [
    `Rule: ${statement} ${sources.map(clause).join('; ')}`,
    ...(expected === null ? [] : [`Expected: ${expected}`]),
    ...(received === null ? [] : [`Received: ${received}`]),
    ...(next === null ? [] : [`Next: ${next}`]),
    ...(repeat === undefined ? [] : [`Again: ${repeat}`]),
  ].join('\n');
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join(' ');
}

/** Escaped, and without the characters that XML 1.0 does not have at all. */
function text(raw: string): string {
  return raw
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
