/** Ways to run the same requirements, put together at random: each is named by the options that repeat it. */
import type { RunVariation } from './ways.js';

/** null: as many as the run finds useful. */
const WORKERS = [1, 2, 4, null] as const;
const MAX_SHARDS = 3;

/**
 * @param count how many ways
 * @param chapters what is selected; empty means all
 * @param random gives numbers from 0 up to 1
 */
export function randomWays(
  count: number,
  chapters: readonly string[],
  random: () => number = Math.random,
): readonly RunVariation[] {
  const select = chapters.flatMap((id) => ['--chapter', id]);
  const pick = (most: number) => Math.floor(random() * most);
  return Array.from({ length: count }, () => {
    const seed = random().toString(36).slice(2, 8);
    const workers = WORKERS[pick(WORKERS.length)] ?? null;
    const fixed = workers === null ? [] : ['--workers', String(workers)];
    const options = [...select, '--order', seed, ...fixed];
    // One in four is split, since that costs a start for each part.
    const shards = pick(4) === 0 ? 2 + pick(MAX_SHARDS - 1) : 1;
    const runs = Array.from({ length: shards }, (_, index) =>
      shards === 1 ? options : [...options, '--shard', `${index + 1}/${shards}`],
    );
    return { name: `${options.join(' ')}${shards === 1 ? '' : ` in ${shards} shards`}`, runs };
  });
}

/** Milliseconds that a server takes: mostly few, sometimes half a second. */
export function randomDelay(random: () => number = Math.random): number {
  return Math.round(5 + 495 * random() ** 4);
}
