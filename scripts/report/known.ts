/** What a baseline accepts, in words: every format says the same about it. */
import type { Status } from '../../suites/result.js';
import { findByStatus, type Report, type ReportedResult } from './report.js';

/** @returns `3 known failures and 1 known gap`; a gap is accepted as not judged */
export function countKnown(report: Report): string {
  const known = findByStatus(report, 'known');
  const failures = known.filter(({ baselineStatus }) => isFailure(baselineStatus)).length;
  const gaps = known.length - failures;
  const parts = [
    ...(failures === 0 ? [] : [`${failures} known ${failures === 1 ? 'failure' : 'failures'}`]),
    ...(gaps === 0 ? [] : [`${gaps} known ${gaps === 1 ? 'gap' : 'gaps'}`]),
  ];
  return parts.join(' and ');
}

function isFailure(status: Status | null): boolean {
  return status === 'fail' || status === 'warn';
}

/** @returns what was found, before the baseline changed it */
export function describeFound({ message, reason, statement }: ReportedResult): string {
  return message ?? reason ?? statement;
}

/** @returns why it's accepted, and until when: `The proxy strips it. Until 2027-01-31.` */
export function describeAcceptance({ known }: ReportedResult): string {
  if (known === undefined) return 'The report gives no reason.';
  const { reason, expires, link } = known;
  const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  const until = expires === null ? 'No end date.' : `Until ${expires}.`;
  return [sentence, until, ...(link === null ? [] : [link])].join(' ');
}
