/** The end of the report: counts by status, what was set aside, and the line that everybody reads. */
import { STATUSES, type Status } from '../../../suites/result.js';
import type { Verdict } from '../../decide.js';
import type { Report } from '../report.js';
import { folded, type Palette, plain } from './text.js';

const WORDS: Readonly<Record<Status, string>> = {
  pass: 'passed',
  fail: 'failed',
  warn: 'warned',
  known: 'known',
  blocked: 'blocked',
  'not-tested': 'not tested',
  'not-applicable': 'not applicable',
  error: 'errors',
};

/** @returns how many there are of each status, zeros left out */
export function countsLine({ counts }: Pick<Report, 'counts'>): string {
  const said = STATUSES.filter((status) => counts[status] > 0).map(
    (status) => `${counts[status]} ${status === 'error' && counts.error === 1 ? 'error' : WORDS[status]}`,
  );
  return said.length === 0 ? 'nothing selected' : said.join(', ');
}

/**
 * The verdict in one line. It never hides what was not looked at: filters and what the server does not
 * claim are counted in it.
 */
export function verdictLine(report: Report): string {
  const { selected, of, filters, shard } = report.run;
  const narrowed = shard === null ? filters : [...filters, `--shard ${shard}`];
  const said = [`${report.verdict}: ${selected} of ${of} requirements selected`];
  const kept = report.counts.pass + report.counts.known;
  const absent = report.counts['not-applicable'];
  if (kept !== selected) said.push(`${kept} kept`);
  if (absent > 0) said.push(`${absent} not claimed by the server`);
  if (narrowed.length > 0) said.push(`${of - selected} filtered out by ${narrowed.join(' ')}`);
  return said.join(', ');
}

/** @returns the closing lines of a report */
export function summaryLines(report: Report, width: number, paint: Palette): readonly string[] {
  const { target, run, tool } = report;
  const seconds = (report.durationMs / 1000).toFixed(1);
  const facts = [
    `${target.name} (${target.issuer}, profile ${target.profile})`,
    `catalogue ${tool.catalogue}`,
    `${seconds} s`,
    run.browser ?? 'no browser',
  ];
  return [
    ...folded(plain(facts.join(', ')), width).map(paint.dim),
    ...run.defects.map((id) => paint.yellow(`The sandbox deviates on purpose: ${id}`)),
    ...report.absent.flatMap(({ capability, reason, requirements }) =>
      folded(
        `Not claimed: ${capability}, which sets aside ${requirements} ${requirements === 1 ? 'requirement' : 'requirements'}. ${plain(reason)}`,
        width,
      ),
    ),
    countsLine(report),
    ...verdictLines(report, width, paint),
  ];
}

/** @returns the verdict and why the exit code is what it is */
export function verdictLines(report: Report, width: number, paint: Palette): readonly string[] {
  const color = colorOf(report.verdict, paint);
  return [
    ...folded(verdictLine(report), width).map((line) => paint.bold(color(line))),
    ...report.exit.because.flatMap((sentence) => folded(sentence, width - 2).map((line) => `  ${line}`)),
  ];
}

function colorOf(verdict: Verdict, paint: Palette): (text: string) => string {
  if (verdict === 'conforming') return paint.green;
  return verdict === 'incomplete' ? paint.yellow : paint.red;
}
