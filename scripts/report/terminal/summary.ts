/** The end of the report: counts by status, what was excluded, and the line that everybody reads. */

import { escapeControls, type Palette, wrapText } from '../../../fixtures/output/terminal-text.js';
import { STATUSES, type Status } from '../../../suites/result.js';
import type { Verdict } from '../../decide.js';
import { countKnown } from '../known.js';
import { describeNotClaimed } from '../not-claimed.js';
import type { Report } from '../report.js';

const STATUS_WORDS: Readonly<Record<Status, string>> = {
  pass: 'passed',
  fail: 'failed',
  warn: 'warned',
  known: 'known',
  blocked: 'blocked',
  'not-tested': 'not tested',
  'not-applicable': 'not applicable',
  error: 'errors',
};

/** @returns how many there are of each status, leaving out zeros */
export function formatCounts({ counts }: Pick<Report, 'counts'>): string {
  const countedStatus = STATUSES.filter((status) => counts[status] > 0).map(
    (status) =>
      `${counts[status]} ${status === 'error' && counts.error === 1 ? 'error' : STATUS_WORDS[status]}`,
  );
  return countedStatus.length === 0 ? 'nothing selected' : countedStatus.join(', ');
}

/**
 * The verdict in one line. It never hides what was not tested: it counts everything that didn't pass, and everything
 * that filters left out.
 */
export function formatHeadline(report: Report): string {
  const { selected, inProfile, filters, shard } = report.run;
  const narrowed = shard === null ? filters : [...filters, `--shard ${shard}`];
  const isNarrowed = narrowed.length > 0 && selected < inProfile;
  const scope = `${selected} ${isNarrowed ? 'selected ' : ''}${selected === 1 ? 'requirement' : 'requirements'}`;
  const { words, countedStatus } = headline(report, scope);
  const rest = STATUSES.filter((status) => report.counts[status] > 0 && status !== countedStatus).map(
    (status) => formatCount(status, report.counts[status]),
  );
  return [
    words,
    ...(rest.length === 0 ? [] : [` (${rest.join(', ')})`]),
    ...(isNarrowed ? [`; ${inProfile - selected} of ${inProfile} left out by ${narrowed.join(' ')}`] : []),
  ].join('');
}

interface Headline {
  readonly words: string;
  /** The status that the words already count, so that nothing is counted twice. */
  readonly countedStatus: Status | null;
}

function headline(report: Report, scope: string): Headline {
  const { verdict, counts, exit } = report;
  const passed = formatPassed(report, scope);
  // Nothing failed, but the exit code is 1: a baseline entry is stale, expired or unknown.
  if (exit.code === 1 && verdict !== 'not-conforming') {
    return { words: `The baseline is out of date: ${passed}`, countedStatus: 'pass' };
  }
  switch (verdict) {
    case 'conforming':
      return { words: `Conforming: ${passed}`, countedStatus: 'pass' };
    case 'known-failures':
      return { words: `Passing with ${countKnown(report)}: ${passed}`, countedStatus: 'pass' };
    case 'not-conforming':
      return counts.fail > 0
        ? { words: `Not conforming: ${counts.fail} of ${scope} failed`, countedStatus: 'fail' }
        : {
            words: `Not conforming: ${counts.warn} of ${scope} gave a warning, which counts under --strict`,
            countedStatus: 'warn',
          };
    case 'incomplete':
      return { words: `Incomplete: ${formatGaps(report, scope)}`, countedStatus: null };
  }
}

function formatPassed({ counts, run }: Report, scope: string): string {
  return counts.pass === run.selected ? `all ${scope} passed` : `${counts.pass} of ${scope} passed`;
}

function formatGaps({ counts, run }: Report, scope: string): string {
  const open = counts.blocked + counts['not-tested'] + counts.error;
  if (open > 0) return `${open} of ${scope} could not be judged`;
  return counts['not-applicable'] === run.selected
    ? `none of ${scope} was judged`
    : 'part of the run is missing';
}

/** `1 warning`, `7 not tested`. */
function formatCount(status: Status, count: number): string {
  if (status === 'warn') return `${count} ${count === 1 ? 'warning' : 'warnings'}`;
  if (status === 'error') return `${count} ${count === 1 ? 'error' : 'errors'}`;
  return `${count} ${STATUS_WORDS[status]}`;
}

/** @returns the closing lines of a report */
export function formatSummary(report: Report, width: number, paint: Palette): readonly string[] {
  const { target, run, tool } = report;
  const seconds = (report.durationMs / 1000).toFixed(1);
  const facts = [
    `${target.name} (${target.issuer}, profile ${target.profile})`,
    `catalog ${tool.catalogVersion}`,
    `${seconds} s`,
    run.browser ?? 'no browser',
  ];
  return [
    ...wrapText(escapeControls(facts.join(', ')), width).map(paint.dim),
    ...run.defects.map((id) => paint.yellow(`The sandbox breaks this on purpose: ${id}`)),
    ...report.notClaimed
      .filter(({ setting }) => setting === null)
      .flatMap(({ capability, reason, requirements }) =>
        wrapText(
          `Not claimed: ${capability} (${requirements} ${requirements === 1 ? 'requirement' : 'requirements'}). ${escapeControls(reason)}`,
          width,
        ),
      ),
    formatCounts(report),
    ...formatVerdict(report, width, paint),
  ];
}

/** @returns the verdict and why the exit code is what it is */
export function formatVerdict(report: Report, width: number, paint: Palette): readonly string[] {
  const color = report.exit.code === 1 ? paint.red : findVerdictColor(report.verdict, paint);
  return [
    ...wrapText(formatHeadline(report), width).map((line) => paint.bold(color(line))),
    ...notClaimedLines(report, width),
    ...report.exit.reasons.flatMap((sentence) => wrapText(sentence, width - 2).map((line) => `  ${line}`)),
  ];
}

function notClaimedLines(report: Report, width: number): readonly string[] {
  const countedStatus = describeNotClaimed(report);
  return countedStatus === null
    ? []
    : wrapText(escapeControls(countedStatus), width - 2).map((line) => `  ${line}`);
}

function findVerdictColor(verdict: Verdict, paint: Palette): (text: string) => string {
  if (verdict === 'conforming') return paint.green;
  return verdict === 'not-conforming' ? paint.red : paint.yellow;
}
