/** What could be judged with the target file as it is, by chapter, and what is missing for the rest. */
import type { Target } from '../../fixtures/target/settings.js';
import { catalogue } from '../../suites/catalogue.js';
import type { Means, Planned } from '../../suites/plan.js';
import { type Gain, gains, lineOf, planned } from './pieces.js';

/** @returns lines to print */
export function coverageLines(target: Target, means: Means): readonly string[] {
  const all = planned(target, means);
  const judged = all.filter(({ ruling }) => ruling === null);
  const more = gains(target, means);
  return [
    `${judged.length} of ${all.length} requirements of profile ${target.profile} could be judged:`,
    ...byChapter(all),
    ...(more.length === 0
      ? []
      : ['', 'To be added to the target file, each for what it would let us judge:']),
    ...gainLines(more),
    ...restLines(all, more),
  ];
}

function byChapter(all: readonly Planned[]): readonly string[] {
  const cells = catalogue.flatMap(({ id }) => {
    const mine = all.filter(({ chapter }) => chapter === id);
    if (mine.length === 0) return [];
    return [`${id} ${mine.filter(({ ruling }) => ruling === null).length}/${mine.length}`];
  });
  const lines: string[] = [];
  for (let start = 0; start < cells.length; start += 5)
    lines.push(`  ${cells.slice(start, start + 5).join(', ')}`);
  return lines;
}

/** `+12  people.second    "people": {"second": …}` */
export function gainLines(more: readonly Gain[]): readonly string[] {
  return more.map(({ piece, more: count }) => `  ${`+${count}`.padStart(4)}  ${lineOf(piece)}`);
}

/** What no line of the file brings: the server does not claim it, or declares it absent. */
function restLines(all: readonly Planned[], more: readonly Gain[]): readonly string[] {
  const reasons = new Map<string, number>();
  const offered = new Set(more.map(({ piece }) => piece.setting));
  for (const { ruling } of all) {
    if (ruling === null || [...offered].some((setting) => ruling.reason.includes(setting))) continue;
    reasons.set(ruling.reason, (reasons.get(ruling.reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return [];
  return [
    '',
    'Not judged here:',
    ...[...reasons].map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`),
  ];
}
