/** The ways to run the same requirements that must make no difference to a verdict. */
import { catalog } from '../../../suites/catalog.js';

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
  /** The selected chapters; each also runs by itself. */
  readonly chapters: readonly string[];
  /** The requirements to run by themselves, one run for each; empty leaves that way out. */
  readonly each: readonly string[];
}

/** @returns the ways, quick ones first */
export function listVariations({
  workers,
  shards,
  seeds,
  chapters,
  each,
}: VariationOptions): readonly RunVariation[] {
  const known = catalog.map(({ id }) => id).filter((id) => chapters.length === 0 || chapters.includes(id));
  const select = chapters.flatMap((id) => ['--chapter', id]);
  return [
    ...workers.map((count) => singleRun(`--workers ${count}`, [...select, '--workers', String(count)])),
    {
      name: `${shards} shards`,
      runs: Array.from({ length: shards }, (_, place) => [...select, '--shard', `${place + 1}/${shards}`]),
    },
    ...seeds.map((seed) => singleRun(`--order ${seed}`, [...select, '--order', seed])),
    { name: 'each chapter alone', runs: known.map((id) => ['--chapter', id]) },
    ...(each.length === 0
      ? []
      : [{ name: 'each requirement alone', runs: each.map((id) => ['--only', id]) }]),
  ];
}

const singleRun = (name: string, run: readonly string[]): RunVariation => ({ name, runs: [run] });
