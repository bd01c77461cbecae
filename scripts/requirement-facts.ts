/** What there is to tell of a requirement and of a chapter, once: `explain` and docs/requirements.md render it. */
import { describeDefects } from '../fixtures/sandbox/defects/index.js';
import type { Capability } from '../fixtures/target/capabilities.js';
import type { RuleProfile } from '../fixtures/target/settings.js';
import type { Entry } from '../suites/catalog.js';
import { formatClause } from '../suites/clauses.js';
import type { Chapter, Level } from '../suites/requirement.js';

/** A labeled paragraph. */
interface LabeledText {
  readonly label: string;
  readonly text: string;
}

export interface RequirementFacts {
  readonly id: string;
  readonly level: Level;
  readonly chapter: string;
  readonly profile: RuleProfile;
  readonly statement: string;
  readonly clauses: readonly ClauseFact[];
  /** Everything else, in the order in which it is told. */
  readonly facts: readonly LabeledText[];
  /** The command that shows it failing; null if no defect breaks it. */
  readonly failingCommand: string | null;
}

interface ClauseFact {
  readonly text: string;
  readonly url: string | null;
}

export interface ChapterFacts {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  readonly requirements: readonly RequirementFacts[];
}

/** @returns all that is told of one requirement */
export function describeRequirement({ chapter, requirement }: Entry): RequirementFacts {
  const { id, level, levelReason, profile, needs, statement, clauses, how, hint } = requirement;
  const defect = describeDefects(id);
  return {
    id,
    level,
    chapter: chapter.id,
    profile,
    statement,
    clauses: clauses.map((each) => ({ text: formatClause(each), url: each.url ?? null })),
    facts: [
      ...(levelReason === undefined ? [] : [{ label: 'Level', text: levelReason }]),
      { label: 'Needs', text: describeNeeds(needs) },
      { label: 'Check', text: how },
      { label: 'To fix', text: hint },
      { label: 'Defect', text: defect ?? 'none yet' },
    ],
    failingCommand:
      defect === null
        ? null
        : `npx polar-conformance run --defect ${id} --only ${id}${profile === 'agents' ? ' --profile agents' : ''}`,
  };
}

/** @returns all that is told of a chapter */
export function describeChapter(chapter: Chapter): ChapterFacts {
  const { id, title, scenario, requirements } = chapter;
  return {
    id,
    title,
    scenario,
    requirements: requirements.map((requirement) => describeRequirement({ chapter, requirement })),
  };
}

function describeNeeds(needs: readonly Capability[]): string {
  return needs.length === 0 ? 'nothing but the server' : needs.join(', ');
}
