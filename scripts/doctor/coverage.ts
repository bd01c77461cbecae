/** What can be judged with the target file as it is, by chapter, and what is missing for the rest. */
import { isLocal } from '../../fixtures/environment/request-rate.js';
import { formatProfiles } from '../../fixtures/target/profiles.js';
import type { Target } from '../../fixtures/target/settings.js';
import { catalog } from '../../suites/catalog.js';
import type { Planned, PlanOptions } from '../../suites/plan.js';
import type { Requirement } from '../../suites/requirement.js';
import { findGains, formatSetting, type Gain, planAll } from './missing-settings.js';

/** @returns lines to print */
export function formatCoverage(target: Target, available: PlanOptions): readonly string[] {
  const all = planAll(target, available);
  const more = findGains(target, available);
  const conditions = findConditions(all, target);
  const open = new Set(conditions.flatMap(({ ids }) => ids));
  const judged = all.filter((planned) => isJudgeable(planned, open));
  return [
    `${judged.length} of ${all.length} requirements of profile ${formatProfiles(target)} could be judged:`,
    ...formatChapters(all, open),
    ...(conditions.length === 0 ? [] : ['', 'Judged with an option of run:']),
    ...conditions.map(({ ids, option }) => `  ${`+${ids.length}`.padStart(4)}  ${option}`),
    ...(more.length === 0
      ? []
      : ['', 'To be added to the target file, each for what it would let us judge:']),
    ...formatGains(more),
    ...formatNotJudged(all, more),
  ];
}

function isJudgeable({ ruling, requirement }: Planned, open: ReadonlySet<string>): boolean {
  return ruling === null && !open.has(requirement.id);
}

/** What a run with default options leaves out, even though the target file is complete. */
function findConditions(
  all: readonly Planned[],
  target: Target,
): readonly { readonly ids: readonly string[]; readonly option: string }[] {
  const idsWhere = (wanted: (requirement: Requirement) => boolean) =>
    all
      .filter(({ ruling, requirement }) => ruling === null && wanted(requirement))
      .map(({ requirement }) => requirement.id);
  const waits = target.settings.time?.ageEndpoint === undefined ? idsWhere((one) => one.waits === true) : [];
  const intrusive = isLocal(target) ? [] : idsWhere((one) => one.intrusive === true);
  return [
    {
      ids: waits,
      option: '--max-wait SECONDS, as long as the lifetimes (or time.ageEndpoint in the target file)',
    },
    { ids: intrusive, option: '--intrusive, since the server is not on this machine' },
  ].filter(({ ids }) => ids.length > 0);
}

function formatChapters(all: readonly Planned[], open: ReadonlySet<string>): readonly string[] {
  const cells = catalog.flatMap(({ id }) => {
    const mine = all.filter(({ chapter }) => chapter === id);
    if (mine.length === 0) return [];
    return [`${id} ${mine.filter((planned) => isJudgeable(planned, open)).length}/${mine.length}`];
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

/** What no line of the file can add: the server doesn't claim it, or the file declares it unsupported. */
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
