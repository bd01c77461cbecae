/** What there is to tell of a requirement and of a chapter, once: `explain` and docs/requirements.md render it. */
import { findDefect } from '../fixtures/sandbox/defects/index.js';
import type { Capability } from '../fixtures/target/capabilities.js';
import type { ProfileName } from '../fixtures/target/settings.js';
import type { Entry } from '../suites/catalogue.js';
import type { Chapter, Level } from '../suites/requirement.js';
import { clause } from '../suites/sources.js';

/** A labelled paragraph. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

export interface RequirementFacts {
  readonly id: string;
  readonly level: Level;
  readonly chapter: string;
  readonly profile: ProfileName;
  readonly statement: string;
  readonly clauses: readonly ClauseFact[];
  /** Everything else, in the order in which it is told. */
  readonly facts: readonly Fact[];
  /** The command that shows it red; null where no defect breaks it. */
  readonly seeItRed: string | null;
}

export interface ClauseFact {
  readonly text: string;
  readonly url: string | null;
}

export interface ChapterFacts {
  readonly id: string;
  readonly title: string;
  readonly story: string;
  readonly requirements: readonly RequirementFacts[];
}

/** @returns all that is told of one requirement */
export function factsOf({ chapter, requirement }: Entry): RequirementFacts {
  const { id, level, profile, needs, statement, source, how, next } = requirement;
  const defect = findDefect(id)?.how ?? null;
  return {
    id,
    level,
    chapter: chapter.id,
    profile,
    statement,
    clauses: source.map((each) => ({ text: clause(each), url: each.url ?? null })),
    facts: [
      { label: 'Needs', text: needsText(needs) },
      { label: 'Check', text: how },
      { label: 'If red', text: next },
      { label: 'Defect', text: defect ?? 'none yet' },
    ],
    seeItRed: defect === null ? null : `npx polar-conformance run --defect ${id} --only ${id}`,
  };
}

/** @returns all that is told of a chapter */
export function chapterFacts(chapter: Chapter): ChapterFacts {
  const { id, title, story, requirements } = chapter;
  return {
    id,
    title,
    story,
    requirements: requirements.map((requirement) => factsOf({ chapter, requirement })),
  };
}

function needsText(needs: readonly Capability[]): string {
  return needs.length === 0 ? 'nothing but the server' : needs.join(', ');
}
