/** What could be judged with the target file as it is, by chapter, and what is missing for the rest. */
import type { Target } from '../../fixtures/target/settings.js';
import { catalog } from '../../suites/catalog.js';
import type { Planned, PlanOptions } from '../../suites/plan.js';
import { findGains, formatSetting, type Gain, planAll } from './missing-settings.js';

/** @returns lines to print */
export function formatCoverage(target: Target, means: PlanOptions): readonly string[] {
  const all = planAll(target, means);
  const judged = all.filter(({ ruling }) => ruling === null);
  const more = findGains(target, means);
  return [
    `${judged.length} of ${all.length} requirements of profile ${target.profile} could be judged:`,
    ...formatChapters(all),
    ...(more.length === 0 ? [] : ['', 'Add to the target file to judge more:']),
    ...formatGains(more),
    ...formatNotJudged(all, more),
  ];
}

function formatChapters(all: readonly Planned[]): readonly string[] {
  const cells = catalog.flatMap(({ id }) => {
    const mine = all.filter(({ chapter }) => chapter === id);
    if (mine.length === 0) return [];
    return [`${id} ${mine.filter(({ ruling }) => ruling === null).length}/${mine.length}`];
  });
  const lines: string[] = [];
  for (let start = 0; start < cells.length; start += 5)
    lines.push(`  ${cells.slice(start, start + 5).join(', ')}`);
  return lines;
}

/** `+12  users.second    "users": {"second": …}` */
export function formatGains(more: readonly Gain[]): readonly string[] {
  return more.map(
    ({ setting, requirements: count }) => `  ${`+${count}`.padStart(4)}  ${formatSetting(setting)}`,
  );
}

/** What no line of the file brings: the server does not claim it, or declares it absent. */
function formatNotJudged(all: readonly Planned[], more: readonly Gain[]): readonly string[] {
  const reasons = new Map<string, number>();
  const offered = new Set(more.map(({ setting }) => setting.key));
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
