/** The tutorial's one state: the sandbox, the watcher on it, the lesson at hand. Views show it and pass wishes on. */
import type { Deviation } from '../fixtures/sandbox/deviation.js';
import type { SandboxExchange } from '../fixtures/sandbox/index.js';
import type { Fetch } from '../fixtures/sandbox/listen.js';
import type { ClientRecord } from '../fixtures/sandbox/store/records.js';
import { Learner } from './learner/learner.js';
import { VERIFIER } from './lessons/id-token/exercise.js';
import { lessons as allLessons } from './lessons/index.js';
import type { Lesson } from './lessons/lesson.js';
import type { Name, Values } from './lessons/values.js';
import { LocalServers, type Ports } from './local-servers.js';
import { applyVerdict, currentStage, type LessonProgress, MOST_HINTS, NOT_STARTED } from './progress.js';
import type { TokensToVerify } from './verify/tokens.js';
import { type VerifyResult, verifyWith } from './verify/verify.js';
import { createView, type LastRequest, type TutorialView } from './view.js';
import { CapturedValues } from './watcher/captured-values.js';
import { classifySafely, type Verdict } from './watcher/classify.js';
import { isForLearner, isOwn, type ObservedExchange, observeExchange } from './watcher/exchange.js';
import { createFeedback, type Feedback } from './watcher/feedback.js';

/** What outlives the process; without codes and access tokens. */
export interface Saved {
  readonly current: string;
  readonly progress: Readonly<Record<string, LessonProgress>>;
  readonly clients: readonly ClientRecord[];
  readonly values: Values;
  readonly ports: Ports;
}

export interface TutorialOptions {
  readonly saved?: Saved | null;
  /** 0 for any free one. */
  readonly ports?: Ports;
  readonly deviations?: readonly Deviation[];
  readonly lessons?: readonly Lesson[];
  /** Called with all that is to be kept, after each step. */
  readonly onSave?: (saved: Saved) => void;
  /** Takes what a lesson threw while it judged an exchange; the tutorial goes on. Without it that ends the process. */
  readonly onFault?: (problem: unknown) => void;
}

/** What happened; the view is current when it is told. */
export type TutorialEvent =
  | { readonly kind: 'exchange'; readonly feedback: Feedback; readonly verdict: Verdict }
  | { readonly kind: 'changed' };

/** These outlive the process with the client that they belong to. */
const KEPT: readonly Name[] = ['CLIENT_ID', 'CLIENT_SECRET', 'PUBLIC_CLIENT_ID', 'REDIRECT_URI'];

export class Tutorial {
  readonly #progress = new Map<string, LessonProgress>();
  readonly #listeners = new Set<(event: TutorialEvent) => void>();
  readonly #captured: CapturedValues;
  /** Exchanges are judged one after the other, in the order in which they were answered. */
  #queue: Promise<void> = Promise.resolve();
  #past: ObservedExchange[] = [];
  #feedback: Feedback | null = null;
  #last: LastRequest | null = null;
  #current: Lesson;

  private constructor(
    private readonly options: TutorialOptions,
    private readonly servers: LocalServers,
  ) {
    const { saved } = options;
    this.#captured = new CapturedValues({ ...servers.values, ...saved?.values });
    for (const [id, progress] of Object.entries(saved?.progress ?? {})) this.#progress.set(id, progress);
    this.#current = this.#find(saved?.current ?? '') ?? this.#first();
    servers.watch((exchange) => this.notice(exchange));
  }

  /** Listens on two ports of the loopback interface and prepares the lesson at which it was left. */
  static async open(options: TutorialOptions = {}): Promise<Tutorial> {
    const { saved, deviations = [], ports = { issuer: 0, page: 0 } } = options;
    const servers = await LocalServers.open({ deviations, clients: saved?.clients ?? [], ports });
    try {
      const tutorial = new Tutorial(options, servers);
      await tutorial.go(tutorial.#current.id);
      return tutorial;
    } catch (problem) {
      await servers.close();
      throw problem;
    }
  }

  get lessons(): readonly Lesson[] {
    return this.options.lessons ?? allLessons;
  }

  get addresses(): TutorialView['addresses'] {
    return this.servers.addresses;
  }

  /** All that is known, secrets included: for `tutorial env` and for values that a page reveals on request. */
  get values(): Values {
    return this.#captured.values;
  }

  view(): TutorialView {
    return createView({
      lessons: this.lessons,
      lesson: this.#current,
      progressOf: (id) => this.progress(id),
      feedback: this.#feedback,
      last: this.#last,
      addresses: this.addresses,
    });
  }

  progress(id: string): LessonProgress {
    return this.#progress.get(id) ?? NOT_STARTED;
  }

  /** @returns when everything that was answered until now has been judged */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** @returns how to stop listening */
  onEvent(listener: (event: TutorialEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Serves the tutorial's own page, the relying party of its lessons. */
  serve(fetch: Fetch): void {
    this.servers.serve(fetch);
  }

  /**
   * Takes note of an exchange, its bodies unread: of the sandbox, or with `endpoint: null` one that the tutorial's own
   * sample apps have answered, so that a lesson can judge what a relying party has received.
   */
  notice(exchange: SandboxExchange): void {
    const own = isOwn(exchange);
    const read = observeExchange(exchange, Date.now());
    this.#queue = this.#queue
      .then(async () => this.#notice(await read, own))
      .catch((problem: unknown) => this.#fault(problem));
  }

  /** @param own whether the watcher should not take it for the learner */
  learner(own: boolean): Learner {
    return new Learner({
      own,
      values: async () => {
        await this.settled();
        return this.#captured.values;
      },
      learn: (values) => this.#captured.add(values),
      verify: async (command) => {
        await this.settled();
        return this.verifyWith(command);
      },
    });
  }

  /** @returns ID Tokens for a verifier of the learner's, good and altered ones; null while there is no client */
  idTokensToVerify(): Promise<TokensToVerify | null> {
    return this.servers.idTokens(this.values);
  }

  /** Has a command verify them; when it is right about all, the exercise of lesson 7 is reached. */
  async verifyWith(command: readonly string[]): Promise<VerifyResult> {
    const tokens = await this.idTokensToVerify();
    if (tokens === null) {
      return { exitCode: 2, message: 'There is no client yet: go to lesson 7 first.', lines: [] };
    }
    const result = await verifyWith(command, tokens);
    if (result.exitCode === 0) this.reach(VERIFIER);
    return result;
  }

  /** Goes to a lesson and prepares it. An unknown id is for the caller to refuse; here it is our fault. */
  async go(id: string): Promise<void> {
    const lesson = this.#find(id);
    if (lesson === null) throw new Error(`there is no lesson ${id}`);
    this.#current = lesson;
    await this.#prepare();
    this.#changed();
  }

  async #prepare(): Promise<void> {
    this.#past = [];
    this.#feedback = null;
    this.#captured.renew();
    await this.#current.seed(this.learner(true));
    await this.settled();
  }

  /** To the next lesson; one that is not done is skipped. At the last one it stays. */
  async next(): Promise<void> {
    const { id } = this.#current;
    const progress = this.progress(id);
    if (progress.status === 'open') this.#progress.set(id, { ...progress, status: 'skipped' });
    const following = this.lessons[this.lessons.indexOf(this.#current) + 1];
    if (following === undefined) this.#changed();
    else await this.go(following.id);
  }

  /** Begins a lesson anew. */
  async reset(id = this.#current.id): Promise<void> {
    this.#progress.delete(id);
    if (id === this.#current.id) await this.#prepare();
    this.#changed();
  }

  hint(): void {
    this.#update(({ hints, ...rest }) => ({ ...rest, hints: Math.min(MOST_HINTS, hints + 1) }));
  }

  solution(): void {
    this.#update((progress) => ({ ...progress, solution: true, helped: true }));
  }

  /** @param choice 0, 1 or 2; without an exercise at hand it does nothing */
  guess(choice: number): void {
    const stage = currentStage(this.#current, this.progress(this.#current.id));
    if (stage?.kind !== 'exercise' || ![0, 1, 2].includes(choice)) return;
    const { id } = stage.exercise;
    this.#update((progress) => ({ ...progress, guesses: { ...progress.guesses, [id]: choice } }));
  }

  /** Something of the lesson that leaves no trace on the wire: it counts as reached. */
  reach(id: string): void {
    const { goals, exercises } = this.#current;
    const found = [...goals, ...exercises].find((one) => one.id === id);
    const before = this.progress(this.#current.id);
    if (found === undefined || before.reached.includes(id)) return;
    this.#update((progress) => applyVerdict(this.#current, progress, { kind: 'goal', goals: [found] }));
  }

  async close(): Promise<void> {
    await this.settled();
    await this.servers.close();
  }

  #notice(exchange: ObservedExchange, own: boolean): void {
    const store = this.servers.snapshot();
    const { values } = this.#captured;
    if (isForLearner(exchange)) this.#captured.notice(exchange, store);
    if (own) return;
    const before = this.progress(this.#current.id);
    const reached = new Set(before.reached);
    const context = { issuer: this.addresses.issuer, past: [...this.#past], reached, values, store };
    const verdict = classifySafely(this.#current, exchange, context);
    this.#past.push(exchange);
    const feedback = createFeedback(verdict, exchange);
    this.#last = { at: feedback.at, request: feedback.request, status: feedback.status };
    if (verdict.kind !== 'unrelated') this.#feedback = feedback;
    this.#progress.set(this.#current.id, applyVerdict(this.#current, before, verdict));
    this.#tell({ kind: 'exchange', feedback, verdict });
  }

  #fault(problem: unknown): void {
    if (this.options.onFault === undefined) throw problem;
    this.options.onFault(problem);
  }

  #update(change: (progress: LessonProgress) => LessonProgress): void {
    const { id } = this.#current;
    this.#progress.set(id, change(this.progress(id)));
    this.#changed();
  }

  #changed(): void {
    this.#tell({ kind: 'changed' });
  }

  #tell(event: TutorialEvent): void {
    this.options.onSave?.(this.#saved());
    for (const listener of this.#listeners) listener(event);
  }

  #saved(): Saved {
    const { values } = this.#captured;
    return {
      current: this.#current.id,
      progress: Object.fromEntries(this.#progress),
      clients: this.servers.snapshot().clients,
      values: Object.fromEntries(KEPT.flatMap((name) => (name in values ? [[name, values[name]]] : []))),
      ports: this.servers.ports,
    };
  }

  #find(id: string): Lesson | null {
    return this.lessons.find((lesson) => lesson.id === id) ?? null;
  }

  #first(): Lesson {
    const [first] = this.lessons;
    if (first === undefined) throw new Error('the tutorial has no lessons');
    return first;
  }
}
