/** A finding as one line of `doctor`. */
import { type Finding, type FindingState, sentenceOf } from '../../fixtures/preflight/finding.js';
import { type Palette, plain } from '../report/terminal/text.js';

const WIDEST_ABOUT = 28;

const WORDS: Readonly<Record<FindingState, string>> = {
  ok: 'ok',
  fault: 'FAULT',
  note: 'note',
  skipped: '-',
};

/** @returns one line, whatever the server smuggles into it */
export function lineOfFinding(finding: Finding, paint: Palette): string {
  const word = WORDS[finding.state].padEnd(6);
  const about = finding.about.padEnd(WIDEST_ABOUT);
  const said = plain(sentenceOf(finding)).replaceAll('\n', ' ');
  return `${painterOf(finding.state, paint)(word)}${about} ${finding.state === 'skipped' ? paint.dim(said) : said}`;
}

function painterOf(state: FindingState, { green, red, yellow, dim }: Palette): (text: string) => string {
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
