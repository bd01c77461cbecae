/** The ways to run the same requirements that must make no difference to a verdict. */

/** Runs that together judge each selected requirement once. */
export interface RunVariation {
  readonly name: string;
  /** The options of each run, besides those that select. */
  readonly runs: readonly (readonly string[])[];
}

export interface VariationOptions {
  readonly workers: readonly number[];
  readonly shards: number;
  readonly seeds: readonly string[];
  /** The selected chapters; empty means all. */
  readonly chapters: readonly string[];
  /** The chapters that run by themselves: those that have something to judge. */
  readonly alone: readonly string[];
  /** The requirements to run by themselves, one run for each; empty leaves that way out. */
  readonly each: readonly string[];
}

/** @returns the ways, quick ones first */
export function listVariations({
  workers,
  shards,
  seeds,
  chapters,
  alone,
  each,
}: VariationOptions): readonly RunVariation[] {
  const select = chapters.flatMap((id) => ['--chapter', id]);
  return [
    ...workers.map((count) => singleRun(`--workers ${count}`, [...select, '--workers', String(count)])),
    {
      name: `${shards} shards`,
      runs: Array.from({ length: shards }, (_, place) => [...select, '--shard', `${place + 1}/${shards}`]),
    },
    ...seeds.map((seed) => singleRun(`--order ${seed}`, [...select, '--order', seed])),
    { name: 'each chapter alone', runs: alone.map((id) => ['--chapter', id]) },
    ...(each.length === 0
      ? []
      : [{ name: 'each requirement alone', runs: each.map((id) => ['--only', id]) }]),
  ];
}

const singleRun = (name: string, run: readonly string[]): RunVariation => ({ name, runs: [run] });
