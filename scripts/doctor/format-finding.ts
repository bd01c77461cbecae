/** A finding as one line of `doctor`. */

import { escapeControls, type Palette } from '../../fixtures/output/terminal-text.js';
import {
  describeFinding,
  type PreflightFinding,
  type PreflightState,
} from '../../fixtures/preflight/finding.js';

const SUBJECT_WIDTH = 28;

const WORDS: Readonly<Record<PreflightState, string>> = {
  ok: 'ok',
  fault: 'FAULT',
  note: 'note',
  skipped: '-',
};

/** @returns one line, even if the server put line breaks or escape sequences into it */
export function formatFinding(finding: PreflightFinding, paint: Palette): string {
  const word = WORDS[finding.state].padEnd(6);
  const about = finding.subject.padEnd(SUBJECT_WIDTH);
  const description = escapeControls(describeFinding(finding)).replaceAll('\n', ' ');
  return `${findStateColor(finding.state, paint)(word)}${about} ${finding.state === 'skipped' ? paint.dim(description) : description}`;
}

function findStateColor(
  state: PreflightState,
  { green, red, yellow, dim }: Palette,
): (text: string) => string {
  switch (state) {
    case 'ok':
      return green;
    case 'fault':
      return red;
    case 'note':
      return yellow;
    case 'skipped':
      return dim;
  }
}
