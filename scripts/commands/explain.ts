/** `explain`: one requirement, with what is sent and what is expected; or a chapter with its scenario. */
import { UsageError } from '../../fixtures/errors.js';
import { createPalette, formatLabeled, type Palette, wrapText } from '../../fixtures/output/terminal-text.js';
import { catalog, findEntry, listEntries } from '../../suites/catalog.js';
import { suggestName } from '../../suites/plan/selection.js';
import type { Requirement } from '../../suites/requirement.js';
import {
  type ChapterFacts,
  describeChapter,
  describeRequirement,
  type RequirementFacts,
} from '../requirement-facts.js';
import type { Screen } from '../screen.js';
import { toListEntry } from './list.js';

export interface ExplainOptions {
  /** A requirement's id, or a chapter's. */
  readonly name: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** @returns the exit code */
export function explain({ name, json, color }: ExplainOptions, screen: Screen): number {
  const paint = createPalette(color && screen.colors);
  const width = Math.min(100, screen.width);
  const entry = findEntry(name);
  if (entry !== undefined) {
    if (json) printJson(toJson(entry.chapter.id, entry.requirement));
    else print(formatRequirement(describeRequirement(entry), width, paint));
    return 0;
  }
  const chapter = catalog.find(({ id }) => id === name);
  if (chapter === undefined) throw new UsageError(describeUnknown(name));
  if (json) {
    const { id, title, scenario, requirements } = chapter;
    printJson({ id, title, scenario, requirements: requirements.map((each) => toJson(id, each)) });
  } else print(formatChapter(describeChapter(chapter), width, paint));
  return 0;

  function print(lines: readonly string[]): void {
    screen.print(`${lines.join('\n')}\n`);
  }

  function printJson(value: unknown): void {
    screen.print(`${JSON.stringify(value, null, 2)}\n`);
  }
}

/** What `list --json` says, and how it is judged. */
function toJson(chapter: string, requirement: Requirement): object {
  const { how, hint } = requirement;
  return { ...toListEntry(chapter, requirement), how, hint };
}

function describeUnknown(name: string): string {
  const known = [...catalog.map(({ id }) => id), ...listEntries().map(({ requirement }) => requirement.id)];
  return `There is no requirement or chapter ${name}.${suggestName(name, known)}`;
}

function formatRequirement(told: RequirementFacts, width: number, paint: Palette): readonly string[] {
  const { id, level, chapter, profile, statement, clauses, facts, failingCommand } = told;
  return [
    `${paint.bold(id)} ${paint.dim(`(${level}, ${chapter}, profile ${profile})`)}`,
    ...wrapText(statement, width - 2).map((line) => `  ${line}`),
    '',
    ...clauses.flatMap(({ text, url }, index) => [
      ...formatLabeled(index === 0 ? 'Clauses' : '', text, width),
      ...(url === null ? [] : formatLabeled('', url, width)),
    ]),
    ...facts.flatMap(({ label, text }) => formatLabeled(label, text, width)),
    ...(failingCommand === null ? [] : ['', `  See it fail: ${paint.cyan(failingCommand)}`]),
  ];
}

function formatChapter(told: ChapterFacts, width: number, paint: Palette): readonly string[] {
  const { id, title, scenario, requirements } = told;
  return [
    `${paint.bold(title)} ${paint.dim(`(${id}, ${requirements.length} requirements)`)}`,
    ...wrapText(scenario, width - 2).map((line) => `  ${line}`),
    ...requirements.flatMap((each) => ['', ...formatRequirement(each, width, paint)]),
  ];
}
