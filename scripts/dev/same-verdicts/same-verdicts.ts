/** Runs the same requirements in every way that must make no difference, and reports where it made one. */
import { findEntry } from '../../../suites/catalog.js';
import { differences, type NamedResults } from './compare.js';
import { randomDelay, randomWays } from './random-ways.js';
import { openSandboxRuns } from './sandbox-runs.js';
import { listVariations, type VariationOptions } from './ways.js';

export interface SameVerdictsOptions extends Omit<VariationOptions, 'each' | 'alone'> {
  /** Also each requirement by itself; takes minutes. */
  readonly each: boolean;
  readonly defects: readonly string[];
  /** In place of the fixed ways, so many that are put together at random, on a server that takes its time. */
  readonly randomRuns?: number;
  /** More options for each run. */
  readonly further?: readonly string[];
  readonly print: (line: string) => void;
}

export interface Compared {
  /** Requirements that the plain run judged. */
  readonly requirements: number;
  readonly runs: number;
  /** One sentence for each difference. */
  readonly differences: readonly string[];
}

export async function compareVerdicts(options: SameVerdictsOptions): Promise<Compared> {
  const { chapters, each, defects, print, randomRuns = 0, further = [] } = options;
  const stage = await openSandboxRuns(defects, { further, delay: randomRuns > 0 ? randomDelay : null });
  const allDifferences: string[] = [];
  let runs = 1;
  try {
    const { results: plain } = await stage.run(chapters.flatMap((id) => ['--chapter', id]));
    print(`plain run: ${countStatuses(plain)}`);
    const ways =
      randomRuns > 0
        ? randomWays(randomRuns, chapters)
        : listVariations({
            ...options,
            alone: chaptersOf(plain),
            each: each ? plain.map(({ id }) => id) : [],
          });
    for (const way of ways) {
      const otherRuns: NamedResults[] = [];
      for (const run of way.runs) otherRuns.push(await stage.run(run));
      runs += way.runs.length;
      const others = differences(plain, otherRuns);
      print(`${way.name}: ${others.length === 0 ? 'the same verdicts' : `${others.length} differences`}`);
      for (const sentence of others) print(`  ${sentence}`);
      allDifferences.push(...others);
    }
    return { requirements: plain.length, runs, differences: allDifferences };
  } finally {
    await stage.close();
  }
}

/** A profile need not have requirements in every chapter. */
function chaptersOf(results: NamedResults['results']): readonly string[] {
  return [...new Set(results.flatMap(({ id }) => findEntry(id)?.chapter.id ?? []))];
}

function countStatuses(results: NamedResults['results']): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
