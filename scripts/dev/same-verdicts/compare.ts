/** Compares two runs of the same requirements, verdict by verdict. */
import type { Result } from '../../../suites/result.js';

export type ComparedResult = Pick<Result, 'id' | 'status' | 'blockedBy' | 'message' | 'reason'>;

/** A run, or several that together judge each requirement once. */
export interface NamedResults {
  /** How it was run: `--workers 4`. */
  readonly name: string;
  readonly results: readonly ComparedResult[];
}

/**
 * @param plain the results of the plain run
 * @param others runs that together should give the same results for the same requirements
 * @returns one sentence for each difference
 */
export function differences(
  plain: readonly ComparedResult[],
  others: readonly NamedResults[],
): readonly string[] {
  const namedResults = others.flatMap(({ name, results }) => results.map((result) => ({ name, result })));
  const known = new Set(plain.map(({ id }) => id));
  const strangers = namedResults
    .filter(({ result }) => !known.has(result.id))
    .map(({ name, result }) => `${result.id}: judged by ${name} only`);
  return [...strangers, ...plain.flatMap((expected) => describeDifference(expected, namedResults))];
}

function describeDifference(
  expected: ComparedResult,
  namedResults: readonly { readonly name: string; readonly result: ComparedResult }[],
): readonly string[] {
  const mine = namedResults.filter(({ result }) => result.id === expected.id);
  if (mine.length === 0) return [`${expected.id}: not judged`];
  const twice =
    mine.length > 1 ? [`${expected.id}: judged by ${mine.map(({ name }) => name).join(' and ')}`] : [];
  const other = mine
    .filter(({ result }) => formatVerdict(result) !== formatVerdict(expected))
    .map(
      ({ name, result }) =>
        `${expected.id}: ${formatVerdict(expected)} in a plain run, ${formatResult(result)} with ${name}`,
    );
  return [...twice, ...other];
}

function formatVerdict({ status, blockedBy }: ComparedResult): string {
  return blockedBy === null ? status : `${status} by ${blockedBy}`;
}

function formatResult(result: ComparedResult): string {
  const why = result.message ?? result.reason;
  return why === null ? formatVerdict(result) : `${formatVerdict(result)} (${why})`;
}
