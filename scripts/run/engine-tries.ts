/**
 * Starts the engine, and again for what is left if something ends it from outside, such as a system that is short of
 * memory. What it had in hand is judged once more; a check that it dies with twice may be what kills it.
 */
import type { Run } from '../../suites/run-file.js';
import type { Engine } from '../engine/engine.js';
import type { Message } from '../engine/messages.js';

/** Engines of one run. */
const MOST_TRIES = 3;

export interface TriesOptions {
  /** Starts an engine for this run. */
  readonly start: (run: Run, onMessage: (message: Message) => void) => Promise<Engine>;
  /** Takes the messages of each engine. */
  readonly accept: (message: Message) => void;
  /** Cleans up after an engine that was killed. @param left how many requirements the next one judges; 0 for none */
  readonly afterKill: (signal: NodeJS.Signals, left: number) => Promise<void>;
  /** Whether the user ended the run. */
  readonly isInterrupted: () => boolean;
}

export interface TriesEnd {
  /** What the last engine printed, though it should print nothing. */
  readonly output: string;
  /** What ended the last engine from outside; null if it ended by itself. */
  readonly signal: NodeJS.Signals | null;
}

/** @returns how the last engine ended */
export async function judgeInTries(
  run: Run,
  { start, accept, afterKill, isInterrupted }: TriesOptions,
): Promise<TriesEnd> {
  const progress = new EngineProgress(run.ids);
  for (let tries = 1; ; tries += 1) {
    const engine = await start(narrowRun(run, progress), (message) => accept(progress.follow(message)));
    const { output, signal } = await engine.ended;
    if (signal === null || isInterrupted()) return { output, signal };
    for (const lost of progress.killed(signal)) accept(lost);
    const left = tries < MOST_TRIES ? progress.left.length : 0;
    await afterKill(signal, left);
    if (left === 0 || isInterrupted()) return { output, signal };
  }
}

/** What the engines have judged so far, and what the present one has in hand. */
class EngineProgress {
  readonly #statuses = new Map<string, Run['statuses'][string]>();
  readonly #lost = new Set<string>();
  readonly #inHand = new Set<string>();
  /** What an engine died with, and how it was ended. */
  readonly #hit = new Map<string, NodeJS.Signals>();

  constructor(private readonly ids: readonly string[]) {}

  /** The requirements that have no result yet. */
  get left(): readonly string[] {
    return this.ids.filter((id) => !this.#statuses.has(id) && !this.#lost.has(id));
  }

  get statuses(): Run['statuses'] {
    return Object.fromEntries(this.#statuses);
  }

  /** Takes note of a message. @returns it, with a remark if it's the result of a second try */
  follow(message: Message): Message {
    if (message.type === 'start') this.#inHand.add(message.id);
    if (message.type === 'lost') this.#lose(message.id);
    if (message.type !== 'result') return message;
    const { result } = message;
    this.#inHand.delete(result.id);
    this.#statuses.set(result.id, result.status);
    const signal = this.#hit.get(result.id);
    if (signal === undefined) return message;
    const remark = `Judged in a second try. The process that judges was ended by ${signal} in the first one.`;
    return { type: 'result', result: { ...result, remarks: [remark, ...result.remarks] } };
  }

  /** The engine was ended. @returns what isn't judged again */
  killed(signal: NodeJS.Signals): readonly Message[] {
    const twice = [...this.#inHand].filter((id) => this.#hit.has(id));
    for (const id of this.#inHand) this.#hit.set(id, signal);
    this.#inHand.clear();
    for (const id of twice) this.#lose(id);
    const reason = `The process that judges was ended by ${signal} while this was judged, twice. A system that is short of memory does that.`;
    return twice.map((id) => ({ type: 'lost', id, reason }));
  }

  #lose(id: string): void {
    this.#inHand.delete(id);
    this.#lost.add(id);
  }
}

function narrowRun(run: Run, { left, statuses }: EngineProgress): Run {
  return {
    ...run,
    ids: left,
    serial: run.serial.filter((id) => left.includes(id)),
    unlessSeen: Object.fromEntries(Object.entries(run.unlessSeen).filter(([id]) => left.includes(id))),
    statuses,
  };
}
