/** `list`: the catalog, for people by chapter and for programs as JSON. */

import { createPalette, wrapText } from '../../fixtures/output/terminal-text.js';
import { describeDefects } from '../../fixtures/sandbox/defects/index.js';
import { readProfiles } from '../../fixtures/target/profiles.js';
import type { ProfileChoice } from '../../fixtures/target/settings.js';
import { catalog } from '../../suites/catalog.js';
import { EVERYTHING, type Selection, select } from '../../suites/plan/selection.js';
import type { Requirement } from '../../suites/requirement.js';
import type { Screen } from '../screen.js';

export interface ListOptions {
  readonly selection: Partial<Selection>;
  readonly profile: ProfileChoice;
  readonly json: boolean;
  readonly color: boolean;
}

/** One requirement as `list --json` prints it. */
export interface ListEntry extends Pick<Requirement, 'id' | 'level' | 'profile' | 'needs' | 'statement'> {
  readonly chapter: string;
  /** Why this level, where the clause's keyword alone doesn't say it; else null. */
  readonly levelReason: string | null;
  readonly clauses: Requirement['clauses'];
  /** How the sandbox breaks it; null where it has no defect for it. */
  readonly defect: string | null;
}

/** @returns the exit code */
export function list({ selection, profile, json, color }: ListOptions, screen: Screen): number {
  const { base, agents } = readProfiles(profile);
  const chosen = select(catalog, { profile: base ?? 'polar', agents }, { ...EVERYTHING, ...selection });
  const listed = chosen.map(({ chapter, requirement }) => toListEntry(chapter.id, requirement));
  if (json) {
    screen.print(`${JSON.stringify(listed, null, 2)}\n`);
    return 0;
  }
  const paint = createPalette(color && screen.colors);
  for (const { id, title } of catalog) {
    const mine = listed.filter(({ chapter }) => chapter === id);
    if (mine.length === 0) continue;
    screen.print(`${paint.bold(`${title} (${id}, ${mine.length})`)}\n`);
    for (const { id: name, level, statement } of mine) {
      screen.print(`  ${paint.cyan(name)} ${paint.dim(level)}\n`);
      for (const line of wrapText(statement, Math.min(100, screen.width) - 4)) screen.print(`    ${line}\n`);
    }
    screen.print('\n');
  }
  screen.print(`${listed.length} requirements. explain <id> says more about one.\n`);
  return 0;
}

export function toListEntry(chapter: string, requirement: Requirement): ListEntry {
  const { id, level, levelReason = null, profile, needs, statement, clauses } = requirement;
  const defect = describeDefects(id);
  return { id, chapter, level, levelReason, profile, needs, statement, clauses, defect };
}
