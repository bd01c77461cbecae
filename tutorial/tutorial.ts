/** The tutorial's one state: the sandbox, the watcher on it, the lesson at hand. Views show it and pass wishes on. */
import type { Deviation } from '../fixtures/sandbox/deviation.js';
import type { SandboxExchange } from '../fixtures/sandbox/index.js';
import type { Fetch } from '../fixtures/sandbox/listen.js';
import type { ClientRecord } from '../fixtures/sandbox/store/records.js';
import { Ground, type Ports } from './ground.js';
import { Learner } from './learner/learner.js';
import { VERIFIER } from './lessons/id-token/exercise.js';
import { lessons as allLessons } from './lessons/index.js';
import type { Lesson } from './lessons/lesson.js';
import type { Name, Values } from './lessons/values.js';
import { afterVerdict, BEGINNING, type LessonProgress, MOST_HINTS, stageOf } from './progress.js';
import type { TokensToVerify } from './verify/tokens.js';
import { type VerifyResult, verifyWith } from './verify/verify.js';
import { type LastSeen, type TutorialView, viewOf } from './view.js';
import { type Feedback, feedbackOf } from './watcher/feedback.js';
import { judgeSafely, type Verdict } from './watcher/judge.js';
import { Notebook } from './watcher/notebook.js';
import { isForLearner, isOwn, type Seen, seen } from './watcher/seen.js';

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
export type Happening =
  | { readonly kind: 'exchange'; readonly feedback: Feedback; readonly verdict: Verdict }
  | { readonly kind: 'changed' };

/** These outlive the process with the client that they belong to. */
const KEPT: readonly Name[] = ['CLIENT_ID', 'CLIENT_SECRET', 'PUBLIC_CLIENT_ID', 'REDIRECT_URI'];

export class Tutorial {
  readonly #progress = new Map<string, LessonProgress>();
  readonly #listeners = new Set<(happening: Happening) => void>();
  readonly #notebook: Notebook;
  /** Exchanges are judged one after the other, in the order in which they were answered. */
  #queue: Promise<void> = Promise.resolve();
  #past: Seen[] = [];
  #feedback: Feedback | null = null;
  #last: LastSeen | null = null;
  #current: Lesson;

  private constructor(
    private readonly options: TutorialOptions,
    private readonly ground: Ground,
  ) {
    const { saved } = options;
    this.#notebook = new Notebook({ ...ground.values, ...saved?.values });
    for (const [id, progress] of Object.entries(saved?.progress ?? {})) this.#progress.set(id, progress);
    this.#current = this.#find(saved?.current ?? '') ?? this.#first();
    ground.watch((exchange) => this.notice(exchange));
  }

  /** Listens on two ports of the loopback interface and prepares the lesson at which it was left. */
  static async open(options: TutorialOptions = {}): Promise<Tutorial> {
    const { saved, deviations = [], ports = { issuer: 0, page: 0 } } = options;
    const ground = await Ground.open({ deviations, clients: saved?.clients ?? [], ports });
    try {
      const tutorial = new Tutorial(options, ground);
      await tutorial.go(tutorial.#current.id);
      return tutorial;
    } catch (problem) {
      await ground.close();
      throw problem;
    }
  }

  get lessons(): readonly Lesson[] {
    return this.options.lessons ?? allLessons;
  }

  get addresses(): TutorialView['addresses'] {
    return this.ground.addresses;
  }

  /** All that is known, secrets included: for `tutorial env` and for values that a page reveals on request. */
  get values(): Values {
    return this.#notebook.values;
  }

  view(): TutorialView {
    return viewOf({
      lessons: this.lessons,
      lesson: this.#current,
      progressOf: (id) => this.progress(id),
      feedback: this.#feedback,
      last: this.#last,
      addresses: this.addresses,
    });
  }

  progress(id: string): LessonProgress {
    return this.#progress.get(id) ?? BEGINNING;
  }

  /** @returns when everything that was answered until now has been judged */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** @returns how to stop listening */
  onHappening(listener: (happening: Happening) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Serves the tutorial's own page, the relying party of its lessons. */
  serve(fetch: Fetch): void {
    this.ground.serve(fetch);
  }

  /**
   * Takes note of an exchange, its bodies unread: of the sandbox, or with `endpoint: null` one that the tutorial's own
   * sample apps have answered, so that a lesson can judge what a relying party has received.
   */
  notice(exchange: SandboxExchange): void {
    const own = isOwn(exchange);
    const read = seen(exchange, Date.now());
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
        return this.#notebook.values;
      },
      learn: (values) => this.#notebook.add(values),
      verify: async (command) => {
        await this.settled();
        return this.verifyWith(command);
      },
    });
  }

  /** @returns ID Tokens for a verifier of the learner's, good and altered ones; null while there is no client */
  idTokensToVerify(): Promise<TokensToVerify | null> {
    return this.ground.idTokens(this.values);
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
    this.#notebook.renew();
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
    const stage = stageOf(this.#current, this.progress(this.#current.id));
    if (stage?.kind !== 'break' || ![0, 1, 2].includes(choice)) return;
    const { id } = stage.exercise;
    this.#update((progress) => ({ ...progress, guesses: { ...progress.guesses, [id]: choice } }));
  }

  /** Something of the lesson that leaves no trace on the wire: it counts as reached. */
  reach(id: string): void {
    const { goals, breaks } = this.#current;
    const found = [...goals, ...breaks].find((one) => one.id === id);
    const before = this.progress(this.#current.id);
    if (found === undefined || before.reached.includes(id)) return;
    this.#update((progress) => afterVerdict(this.#current, progress, { kind: 'goal', goals: [found] }));
  }

  async close(): Promise<void> {
    await this.settled();
    await this.ground.close();
  }

  #notice(exchange: Seen, own: boolean): void {
    const store = this.ground.snapshot();
    const { values } = this.#notebook;
    if (isForLearner(exchange)) this.#notebook.notice(exchange, store);
    if (own) return;
    const before = this.progress(this.#current.id);
    const reached = new Set(before.reached);
    const scene = { issuer: this.addresses.issuer, past: [...this.#past], reached, values, store };
    const verdict = judgeSafely(this.#current, exchange, scene);
    this.#past.push(exchange);
    const feedback = feedbackOf(verdict, exchange);
    this.#last = { at: feedback.at, request: feedback.request, status: feedback.status };
    if (verdict.kind !== 'unrelated') this.#feedback = feedback;
    this.#progress.set(this.#current.id, afterVerdict(this.#current, before, verdict));
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

  #tell(happening: Happening): void {
    this.options.onSave?.(this.#saved());
    for (const listener of this.#listeners) listener(happening);
  }

  #saved(): Saved {
    const { values } = this.#notebook;
    return {
      current: this.#current.id,
      progress: Object.fromEntries(this.#progress),
      clients: this.ground.snapshot().clients,
      values: Object.fromEntries(KEPT.flatMap((name) => (name in values ? [[name, values[name]]] : []))),
      ports: this.ground.ports,
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
