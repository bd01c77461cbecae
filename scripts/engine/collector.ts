/** Turns what the engine reports into exactly one result for each planned requirement. */
import type { Planned } from '../../suites/plan.js';
import type { Result } from '../../suites/result.js';
import { resultWithoutVerdict } from '../../suites/result-without-verdict.js';
import type { NotClaimed } from '../report/report.js';
import type { Message } from './messages.js';

export class Collector {
  readonly #planned: ReadonlyMap<string, Planned>;
  readonly #results = new Map<string, Result>();

  constructor(planned: readonly Planned[]) {
    this.#planned = new Map(planned.map((each) => [each.requirement.id, each]));
    for (const each of planned) {
      if (each.ruling !== null) {
        this.#results.set(
          each.requirement.id,
          resultWithoutVerdict(each, each.ruling.status, each.ruling.reason),
        );
      }
    }
  }

  /** @returns the result in this message, or null if it has none */
  accept(message: Message): Result | null {
    if (message.type !== 'result' && message.type !== 'lost') return null;
    const id = message.type === 'result' ? message.result.id : message.id;
    const planned = this.#planned.get(id);
    if (planned === undefined) return null;
    const result =
      message.type === 'result' ? message.result : resultWithoutVerdict(planned, 'error', message.reason);
    this.#results.set(id, result);
    return result;
  }

  /** @returns the result of this requirement, if there is one yet */
  result(id: string): Result | undefined {
    return this.#results.get(id);
  }

  /**
   * @param order the ids in the order of the report
   * @param rest why a requirement has no result
   */
  results(
    order: readonly string[],
    rest: { status: 'not-tested' | 'error'; reason: string },
  ): readonly Result[] {
    return order.flatMap((id) => {
      const planned = this.#planned.get(id);
      if (planned === undefined) return [];
      return [this.#results.get(id) ?? resultWithoutVerdict(planned, rest.status, rest.reason)];
    });
  }
}

/**
 * @param results of the requirements: what the server was seen to support was judged anyway
 * @returns what the server doesn't claim, and how many of the planned requirements that excludes
 */
export function collectNotClaimed(
  planned: readonly Planned[],
  results: readonly Pick<Result, 'id' | 'status'>[],
): readonly NotClaimed[] {
  const statuses = new Map(results.map(({ id, status }) => [id, status]));
  const known = new Map<string, NotClaimed>();
  for (const { ruling, requirement } of planned) {
    if (ruling?.status !== 'not-applicable' || statuses.get(requirement.id) !== 'not-applicable') continue;
    const { capability, reason, setting = null } = ruling;
    const earlier = known.get(capability)?.requirements ?? 0;
    known.set(capability, { capability, reason, setting, requirements: earlier + 1 });
  }
  return [...known.values()];
}
