/** `explain`: one requirement, with what is sent and what is expected; or a chapter with its story. */
import { UsageError } from '../../fixtures/problem.js';
import { catalogue, entries, findEntry } from '../../suites/catalogue.js';
import { nearest } from '../../suites/plan/selection.js';
import type { Requirement } from '../../suites/requirement.js';
import { type ChapterFacts, chapterFacts, factsOf, type RequirementFacts } from '../facts.js';
import { folded, labelled, type Palette, palette } from '../report/terminal/text.js';
import type { Screen } from '../screen.js';
import { listedOf } from './list.js';

export interface ExplainOptions {
  /** A requirement's id, or a chapter's. */
  readonly name: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** @returns the exit code */
export function explain({ name, json, color }: ExplainOptions, screen: Screen): number {
  const paint = palette(color && screen.colors);
  const width = Math.min(100, screen.width);
  const entry = findEntry(name);
  if (entry !== undefined) {
    if (json) printJson(told(entry.chapter.id, entry.requirement));
    else print(ofRequirement(factsOf(entry), width, paint));
    return 0;
  }
  const chapter = catalogue.find(({ id }) => id === name);
  if (chapter === undefined) throw new UsageError(unknown(name));
  if (json) {
    const { id, title, story, requirements } = chapter;
    printJson({ id, title, story, requirements: requirements.map((each) => told(id, each)) });
  } else print(ofChapter(chapterFacts(chapter), width, paint));
  return 0;

  function print(lines: readonly string[]): void {
    screen.print(`${lines.join('\n')}\n`);
  }

  function printJson(value: unknown): void {
    screen.print(`${JSON.stringify(value, null, 2)}\n`);
  }
}

/** What `list --json` says, and how it is judged. */
function told(chapter: string, requirement: Requirement): object {
  const { how, next } = requirement;
  return { ...listedOf(chapter, requirement), how, next };
}

function unknown(name: string): string {
  const known = [...catalogue.map(({ id }) => id), ...entries().map(({ requirement }) => requirement.id)];
  return `There is no requirement or chapter ${name}.${nearest(name, known)}`;
}

function ofRequirement(told: RequirementFacts, width: number, paint: Palette): readonly string[] {
  const { id, level, chapter, profile, statement, clauses, facts, seeItRed } = told;
  return [
    `${paint.bold(id)} ${paint.dim(`(${level}, ${chapter}, profile ${profile})`)}`,
    ...folded(statement, width - 2).map((line) => `  ${line}`),
    '',
    ...clauses.flatMap(({ text, url }, index) => [
      ...labelled(index === 0 ? 'Clauses' : '', text, width),
      ...(url === null ? [] : labelled('', url, width)),
    ]),
    ...facts.flatMap(({ label, text }) => labelled(label, text, width)),
    ...(seeItRed === null ? [] : ['', `  See it red: ${paint.cyan(seeItRed)}`]),
  ];
}

function ofChapter(told: ChapterFacts, width: number, paint: Palette): readonly string[] {
  const { id, title, story, requirements } = told;
  return [
    `${paint.bold(title)} ${paint.dim(`(${id}, ${requirements.length} requirements)`)}`,
    ...folded(story, width - 2).map((line) => `  ${line}`),
    ...requirements.flatMap((each) => ['', ...ofRequirement(each, width, paint)]),
  ];
}
