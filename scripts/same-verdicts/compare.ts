/** Two runs of the same requirements, compared verdict by verdict. */
import type { Result } from '../../suites/result.js';

export type Judged = Pick<Result, 'id' | 'status' | 'blockedBy' | 'message' | 'reason'>;

/** A run, or several that together judge each requirement once. */
export interface Told {
  /** How it was run: `--workers 4`. */
  readonly name: string;
  readonly results: readonly Judged[];
}

/**
 * @param plain what the plain run said
 * @param others runs that together should say the same of the same requirements
 * @returns one sentence for each difference
 */
export function differences(plain: readonly Judged[], others: readonly Told[]): readonly string[] {
  const said = others.flatMap(({ name, results }) => results.map((result) => ({ name, result })));
  const known = new Set(plain.map(({ id }) => id));
  const strangers = said
    .filter(({ result }) => !known.has(result.id))
    .map(({ name, result }) => `${result.id}: judged by ${name} only`);
  return [...strangers, ...plain.flatMap((expected) => ofOne(expected, said))];
}

function ofOne(
  expected: Judged,
  said: readonly { readonly name: string; readonly result: Judged }[],
): readonly string[] {
  const mine = said.filter(({ result }) => result.id === expected.id);
  if (mine.length === 0) return [`${expected.id}: not judged`];
  const twice =
    mine.length > 1 ? [`${expected.id}: judged by ${mine.map(({ name }) => name).join(' and ')}`] : [];
  const other = mine
    .filter(({ result }) => verdictOf(result) !== verdictOf(expected))
    .map(
      ({ name, result }) =>
        `${expected.id}: ${verdictOf(expected)} in a plain run, ${full(result)} with ${name}`,
    );
  return [...twice, ...other];
}

function verdictOf({ status, blockedBy }: Judged): string {
  return blockedBy === null ? status : `${status} by ${blockedBy}`;
}

function full(result: Judged): string {
  const why = result.message ?? result.reason;
  return why === null ? verdictOf(result) : `${verdictOf(result)} (${why})`;
}
