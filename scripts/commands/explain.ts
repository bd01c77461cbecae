/** `explain`: one requirement, with what is sent and what is expected; or a chapter with its story. */
import { UsageError } from '../../fixtures/problem.js';
import { catalogue, entries, findEntry } from '../../suites/catalogue.js';
import { nearest } from '../../suites/plan/selection.js';
import type { Chapter, Requirement } from '../../suites/requirement.js';
import { clause } from '../report/terminal/findings.js';
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
  const found = findEntry(name);
  if (found !== undefined) {
    const listed = listedOf(found.chapter.id, found.requirement);
    const { how, next } = found.requirement;
    if (json) screen.print(`${JSON.stringify({ ...listed, how, next }, null, 2)}\n`);
    else
      screen.print(
        `${ofRequirement(found.requirement, found.chapter, listed.defect, width, paint).join('\n')}\n`,
      );
    return 0;
  }
  const chapter = catalogue.find(({ id }) => id === name);
  if (chapter === undefined) throw new UsageError(unknown(name));
  if (json) {
    const { id, title, story, requirements } = chapter;
    const told = { id, title, story, requirements: requirements.map((each) => listedOf(id, each)) };
    screen.print(`${JSON.stringify(told, null, 2)}\n`);
  } else screen.print(`${ofChapter(chapter, width, paint).join('\n')}\n`);
  return 0;
}

function unknown(name: string): string {
  const known = [...catalogue.map(({ id }) => id), ...entries().map(({ requirement }) => requirement.id)];
  return `There is no requirement or chapter ${name}.${nearest(name, known)}`;
}

function ofRequirement(
  { id, level, profile, needs, statement, source, how, next }: Requirement,
  chapter: Chapter,
  defect: string | null,
  width: number,
  paint: Palette,
): readonly string[] {
  return [
    `${paint.bold(id)} ${paint.dim(`(${level}, ${chapter.id}, profile ${profile})`)}`,
    ...folded(statement, width - 2).map((line) => `  ${line}`),
    '',
    ...source.flatMap((each, index) => [
      ...labelled(index === 0 ? 'Clauses' : '', clause(each), width),
      ...(each.url === undefined ? [] : labelled('', each.url, width)),
    ]),
    ...labelled('Needs', needs.length === 0 ? 'nothing but the server' : needs.join(', '), width),
    ...labelled('Check', how, width),
    ...labelled('If red', next, width),
    ...labelled('Defect', defect ?? 'none yet', width),
    ...(defect === null
      ? []
      : ['', `  See it red: ${paint.cyan(`npx polar-conformance run --defect ${id} --only ${id}`)}`]),
  ];
}

function ofChapter(chapter: Chapter, width: number, paint: Palette): readonly string[] {
  return [
    `${paint.bold(chapter.title)} ${paint.dim(`(${chapter.id}, ${chapter.requirements.length} requirements)`)}`,
    ...folded(chapter.story, width - 2).map((line) => `  ${line}`),
    '',
    ...chapter.requirements.flatMap(({ id, level, statement }) => [
      `  ${paint.cyan(id)} ${paint.dim(level)}`,
      ...folded(statement, width - 4).map((line) => `    ${line}`),
    ]),
  ];
}
