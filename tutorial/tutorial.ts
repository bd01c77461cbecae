import type { SandboxExchange } from '../fixtures/sandbox/index.js';
import type { Fetch } from '../fixtures/sandbox/listen.js';
import type { AppTestResult } from './app-test/run.js';
import { AppTester } from './app-test/tester.js';
import { Learner } from './learner/learner.js';
import { VERIFIER } from './lessons/id-token/exercise.js';
import { lessons as allLessons } from './lessons/index.js';
import type { Lesson } from './lessons/lesson.js';
import type { Values } from './lessons/values.js';
import { APP_TESTED } from './lessons/your-app/app-tested.js';
import { LocalServers } from './local-servers.js';
import { applyVerdict, currentStage, type LessonProgress, MOST_HINTS, NOT_STARTED } from './progress.js';
import { keepValues, type Saved, type TutorialEvent, type TutorialOptions } from './tutorial-options.js';
import type { TokensToVerify } from './verify/tokens.js';
import { type VerifyResult, verifyWith } from './verify/verify.js';
import { createView, type LastRequest, type TutorialView } from './view.js';
import { CapturedValues } from './watcher/captured-values.js';
import { classifySafely } from './watcher/classify.js';
import { isForLearner, isOwn, type ObservedExchange, observeExchange } from './watcher/exchange.js';
import { createFeedback, type Feedback } from './watcher/feedback.js';
import { type StateMatch, StatesSeen } from './watcher/states-seen.js';

export class Tutorial {
  readonly #progress = new Map<string, LessonProgress>();
  readonly #listeners = new Set<(event: TutorialEvent) => void>();
  readonly #captured: CapturedValues;
  /** Exchanges are classified one at a time, in the order of their responses. */
  #queue: Promise<void> = Promise.resolve();
  readonly #states = new StatesSeen();
  #past: ObservedExchange[] = [];
  /** The exchanges for the picture, with those of the seed. */
  #seen: ObservedExchange[] = [];
  readonly #appTester: AppTester;
  #feedback: Feedback | null = null;
  #last: LastRequest | null = null;
  #current: Lesson;

  private constructor(
    private readonly options: TutorialOptions,
    private readonly servers: LocalServers,
  ) {
    const { saved } = options;
    this.#captured = new CapturedValues({ ...servers.values, ...saved?.values });
    this.#appTester = new AppTester(servers.idTokenFault, () => this.settled());
    for (const [id, progress] of Object.entries(saved?.progress ?? {})) this.#progress.set(id, progress);
    this.#current = this.#find(saved?.current ?? '') ?? this.#first();
    servers.watch((exchange) => this.notice(exchange));
  }

  /** Listens on two loopback ports and prepares the lesson where the learner stopped. */
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

  /** All known values, secrets included: for the learner's shell, and for values that the page reveals on request. */
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
      values: this.values,
      seen: this.#seen,
      appTest: this.#appTester.result,
    });
  }

  progress(id: string): LessonProgress {
    return this.#progress.get(id) ?? NOT_STARTED;
  }

  /** @returns which of the learner's authorization requests had this state */
  matchState(state: string): StateMatch {
    return this.#states.match(state);
  }

  /** @returns when every exchange so far has been classified */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** @returns a function that stops listening */
  onEvent(listener: (event: TutorialEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Serves the tutorial's own page, the relying party of its lessons. */
  serve(fetch: Fetch): void {
    this.servers.serve(fetch);
  }

  /**
   * Classifies an exchange with unread bodies: one of the sandbox or, with `endpoint: null`, one of the tutorial's
   * sample apps, so that a lesson can see what a relying party received.
   */
  notice(exchange: SandboxExchange): void {
    const own = isOwn(exchange);
    const read = observeExchange(exchange, Date.now());
    this.#queue = this.#queue
      .then(async () => this.#notice(await read, own))
      .catch((problem: unknown) => this.#fault(problem));
  }

  /** @param own whether the watcher should ignore its requests, because the tutorial itself sends them */
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
      testApp: () => this.testApp(null),
    });
  }

  /** @returns ID Tokens to try a verifier on, valid and altered ones; null while there is no client */
  idTokensToVerify(): Promise<TokensToVerify | null> {
    return this.servers.idTokens(this.values, this.#current.idTokens ?? 'claims');
  }

  /** Runs a verifier on them; when it is right about all of them, the exercise of lesson 7 is reached. */
  async verifyWith(command: readonly string[]): Promise<VerifyResult> {
    const tokens = await this.idTokensToVerify();
    if (tokens === null) {
      return { exitCode: 2, message: 'There is no client yet: go to lesson 7 first.', lines: [] };
    }
    const result = await verifyWith(command, tokens);
    if (result.exitCode === 0) this.reach(VERIFIER);
    return result;
  }

  /**
   * Tests the learner's app with responses that are wrong on purpose; if it rejects all, the exercise is reached.
   * @param start the address that starts a sign-in; null for the app's own address
   */
  async testApp(start: string | null): Promise<AppTestResult> {
    await this.settled();
    const result = await this.#appTester.run(start, this.values);
    if (result.exitCode === 0) this.reach(APP_TESTED);
    this.#changed();
    return result;
  }

  /** Goes to a lesson and prepares it. Callers check the id first; an unknown one is a bug. */
  async go(id: string): Promise<void> {
    const lesson = this.#find(id);
    if (lesson === null) throw new Error(`there is no lesson ${id}`);
    this.#current = lesson;
    await this.#prepare();
    this.#changed();
  }

  async #prepare(): Promise<void> {
    this.#past = [];
    this.#seen = [];
    this.#feedback = null;
    this.#appTester.forget();
    this.#captured.renew();
    await this.#current.seed(this.learner(true));
    await this.settled();
  }

  /** Goes to the next lesson, and marks an unfinished one as skipped. After the last lesson it stays there. */
  async next(): Promise<void> {
    const { id } = this.#current;
    const progress = this.progress(id);
    if (progress.status === 'open') this.#progress.set(id, { ...progress, status: 'skipped' });
    const following = this.lessons[this.lessons.indexOf(this.#current) + 1];
    if (following === undefined) this.#changed();
    else await this.go(following.id);
  }

  /** Restarts a lesson. */
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

  /** @param choice 0, 1 or 2; ignored if no exercise is next */
  guess(choice: number): void {
    const stage = currentStage(this.#current, this.progress(this.#current.id));
    if (stage?.kind !== 'exercise' || ![0, 1, 2].includes(choice)) return;
    const { id } = stage.exercise;
    this.#update((progress) => ({ ...progress, guesses: { ...progress.guesses, [id]: choice } }));
  }

  /** Marks a goal or exercise as reached that sends no request. */
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
    if (this.#appTester.takes(exchange, own)) return;
    const store = this.servers.snapshot();
    const { values } = this.#captured;
    if (isForLearner(exchange)) {
      this.#captured.notice(exchange, store);
      this.#seen.push(exchange);
    }
    if (own) return;
    this.#states.notice(exchange);
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
    return {
      current: this.#current.id,
      progress: Object.fromEntries(this.#progress),
      clients: this.servers.snapshot().clients,
      values: keepValues(this.values),
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
