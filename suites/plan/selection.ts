/** Which requirements a user asked for. A name that nobody knows is said at once, with the nearest known one. */
import { closest } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import { UsageError } from '../../fixtures/errors.js';
import { isBoundBy, type JudgedBy } from '../../fixtures/target/profiles.js';
import type { Catalog, Entry } from '../catalog.js';
import type { Clause } from '../clauses.js';
import type { Level } from '../requirement.js';

export interface Selection {
  /** Ids or globs; empty means all. */
  readonly only: readonly string[];
  /** Ids or globs. */
  readonly skip: readonly string[];
  readonly chapters: readonly string[];
  readonly levels: readonly Level[];
  /** `RFC 6749#4.1.2`: the section and what is below it; without `#` the whole document. */
  readonly clauses: readonly string[];
  /** Ids that an earlier report names; null means that none was asked for. */
  readonly failed: readonly string[] | null;
  /** Seed of an order that differs from the catalog's. */
  readonly order: string | null;
  /** The part of what is selected that is judged here; null is all of it. */
  readonly shard: Shard | null;
}

/** The requirements whose place k in the selection gives k mod `of` = `index` - 1, so each stands in one shard. */
export interface Shard {
  /** From 1 to `of`. */
  readonly index: number;
  readonly of: number;
}

export const EVERYTHING: Selection = {
  only: [],
  skip: [],
  chapters: [],
  levels: [],
  clauses: [],
  failed: null,
  order: null,
  shard: null,
};

/**
 * @param target by which profiles it is judged
 * @returns the entries that the selection names, in the catalog's order
 */
export function select(catalog: Catalog, target: JudgedBy, selection: Selection): readonly Entry[] {
  const all = catalog.flatMap((chapter) =>
    chapter.requirements.map((requirement) => ({ chapter, requirement })),
  );
  const mine = filterByProfile(all, target);
  const only = matcher('--only', selection.only, all, mine);
  // What is to be left out may well belong to another profile: nothing is lost by it.
  const skip = matcher('--skip', selection.skip, all, all);
  const chapters = knownChapters(catalog, selection.chapters);
  const clauses = selection.clauses.map((text) => clauseMatcher(text, all));
  const failed = selection.failed === null ? null : new Set(selection.failed);
  const chosen = mine.filter(
    ({ chapter, requirement }) =>
      (selection.only.length === 0 || only(requirement.id)) &&
      !skip(requirement.id) &&
      (chapters.size === 0 || chapters.has(chapter.id)) &&
      (selection.levels.length === 0 || selection.levels.includes(requirement.level)) &&
      (clauses.length === 0 || clauses.some((matches) => requirement.clauses.some(matches))) &&
      (failed === null || failed.has(requirement.id)),
  );
  if (chosen.length === 0) throw new UsageError(explainEmptySelection(selection));
  return selection.shard === null ? chosen : takeShard(chosen, selection.shard);
}

/** @returns the entries that a server of these profiles is measured by */
export function filterByProfile(all: readonly Entry[], target: JudgedBy): readonly Entry[] {
  return all.filter(({ requirement }) => isBoundBy(requirement.profile, target));
}

/** @returns what narrows the selection, as it is written on the command line */
export function describeFilters(selection: Selection): readonly string[] {
  return [
    ...selection.only.map((id) => `--only ${id}`),
    ...selection.skip.map((id) => `--skip ${id}`),
    ...selection.chapters.map((id) => `--chapter ${id}`),
    ...selection.levels.map((level) => `--level ${level}`),
    ...selection.clauses.map((clause) => `--clause "${clause}"`),
    ...(selection.failed === null ? [] : ['--failed']),
  ];
}

/** @returns the shard as it is written on the command line and in a report */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}

/** Taken from the catalog's order, whatever the order of judging is: the same shards for every seed. */
function takeShard(chosen: readonly Entry[], shard: Shard): readonly Entry[] {
  const mine = chosen.filter((_, place) => place % shard.of === shard.index - 1);
  if (mine.length === 0) {
    throw new UsageError(`--shard ${shardName(shard)} is empty: the selection has only ${chosen.length}.`);
  }
  return mine;
}

/** @returns the nearest known name as a question, or nothing where none is near */
export function suggestName(name: string, known: readonly string[]): string {
  return known.length === 0 ? '' : ` Did you mean ${closest(name, [...known])}?`;
}

function matcher(
  flag: string,
  patterns: readonly string[],
  all: readonly Entry[],
  mine: readonly Entry[],
): (id: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const matches = picomatch(pattern);
    if (!all.some(({ requirement }) => matches(requirement.id))) throw unknownName(flag, pattern, all);
    const found = all.find(({ requirement }) => matches(requirement.id))?.requirement;
    if (found !== undefined && !mine.some(({ requirement }) => matches(requirement.id))) {
      const { profile } = found;
      throw new UsageError(`${flag} ${pattern} belongs to the profile ${profile}: add --profile ${profile}.`);
    }
    return matches;
  });
  return (id) => matchers.some((matches) => matches(id));
}

function unknownName(flag: string, pattern: string, all: readonly Entry[]): UsageError {
  const ids = all.map(({ requirement }) => requirement.id);
  if (/[*?[\]{}()!]/.test(pattern)) return new UsageError(`${flag} ${pattern} matches no requirement.`);
  return new UsageError(`${flag}: there is no requirement ${pattern}.${suggestName(pattern, ids)}`);
}

function knownChapters(catalog: Catalog, names: readonly string[]): ReadonlySet<string> {
  const ids = catalog.map(({ id }) => id);
  for (const name of names) {
    if (!ids.includes(name)) {
      throw new UsageError(`--chapter: there is no chapter ${name}.${suggestName(name, ids)}`);
    }
  }
  return new Set(names);
}

/** Spaces, letter case and the section sign are no difference: users copy clauses from many places. */
function normalize(text: string): string {
  return text.replace(/[\s§]+/g, '').toLowerCase();
}

function clauseMatcher(text: string, all: readonly Entry[]): (source: Clause) => boolean {
  const hash = text.lastIndexOf('#');
  const spec = normalize(hash === -1 ? text : text.slice(0, hash));
  const section = hash === -1 ? null : normalize(text.slice(hash + 1));
  const matches = (source: Clause) => {
    const own = normalize(source.section);
    return (
      normalize(source.spec) === spec &&
      (section === null || own === section || own.startsWith(`${section}.`))
    );
  };
  const sources = all.flatMap(({ requirement }) => [...requirement.clauses]);
  if (!sources.some(matches)) {
    const known = [...new Set(sources.map((source) => `${source.spec}#${source.section}`))];
    throw new UsageError(`--clause: no requirement cites ${text}.${suggestName(text, known)}`);
  }
  return matches;
}

function explainEmptySelection(selection: Selection): string {
  const filters = describeFilters(selection);
  if (selection.failed !== null && selection.failed.length === 0) {
    return 'The last report names nothing that failed, so there is nothing to run again.';
  }
  return `No requirement is left by ${filters.join(' ')}.`;
}
