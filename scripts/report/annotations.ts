/** Annotations for GitHub Actions: a failed job shows its findings above the log. */
import { formatClause } from '../../suites/clauses.js';
import { showControls } from './harmless.js';
import { findByStatus, type Report, type ReportedResult } from './report.js';

/** GitHub shows no more than ten of each kind for a step. */
const MOST = 10;

/**
 * What a server says is data here: no line break of it begins a command of its own.
 * @returns one workflow command per line, for failures, errors and warnings; '' if there are none
 */
export function formatAnnotations(report: Report): string {
  const commands = [
    ...findByStatus(report, 'fail')
      .slice(0, MOST)
      .map((result) => formatCommand('error', result)),
    ...findByStatus(report, 'error')
      .slice(0, MOST)
      .map((result) => formatCommand('error', result)),
    ...findByStatus(report, 'warn')
      .slice(0, MOST)
      .map((result) => formatCommand('warning', result)),
  ];
  return commands.map((line) => `${line}\n`).join('');
}

function formatCommand(kind: 'error' | 'warning', result: ReportedResult): string {
  const { id, level, clauses, message, reason, statement } = result;
  const clause = clauses.slice(0, 1).map((one) => ` (${formatClause(one)})`);
  const text = `${message ?? reason ?? statement}${clause.join('')}`;
  return `::${kind} title=${escapeProperty(`${id}, ${level}`)}::${escapeData(text)}`;
}

/** GitHub's own escapes for the text of a command. */
function escapeData(text: string): string {
  return showControls(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
