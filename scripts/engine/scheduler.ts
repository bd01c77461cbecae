/**
 * Judges the groups of a run in this process: as many at a time as there are workers, more where the server takes most
 * of the time, and the serial ones at the end.
 */
import type { Browser } from '@playwright/test';
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import type { ContextPool } from '../../fixtures/browser/context-pool.js';
import { launchBrowser } from '../../fixtures/browser/find-browser.js';
import { createContextPool } from '../../fixtures/browser/open-context.js';
import { PageHealth } from '../../fixtures/browser/page-health.js';
import type { SentForms } from '../../fixtures/browser/sent-forms.js';
import { ClientQuota } from '../../fixtures/environment/client-quota.js';
import type { Environment } from '../../fixtures/environment.js';
import { Liveness } from '../../fixtures/http/liveness.js';
import { Pacer } from '../../fixtures/http/rate-limit.js';
import {
  type Group,
  groupChecks,
  groupTimeout,
  idsToJudge,
  judgeGroup,
  openEnvironment,
} from '../../suites/judging.js';
import type { Result } from '../../suites/result.js';
import { type Run, type SetupResult, writeIssued, writeLeftovers } from '../../suites/run-file.js';
import { CheckCount } from './check-count.js';
import { CheckQueue } from './check-queue.js';
import { listenBeside, type Presence } from './listen.js';
import { endIfUseless, lostTheirBrowser } from './lost-browser.js';
import type { Send } from './messages.js';
import { openFurtherSessions } from './provisioning.js';
import { BlockedResults } from './unowned.js';

interface SchedulerOptions {
  /** All environments open their pages in it; null if there is none. */
  readonly browser: Browser | null;
  /** Its contexts. */
  readonly contexts: ContextPool | undefined;
  /** The forms that the browser has sent before. */
  readonly forms: SentForms;
  /** Takes the results. */
  readonly send: Send;
  /** The last request that the server answered before, by method and URL. */
  readonly lastAnswered: string | null;
}

export class Scheduler {
  /** Environments that no check is using. */
  readonly #free: Environment[] = [];
  readonly #all: Environment[] = [];
  #stopped = false;
  readonly #count: CheckCount;
  /** How many checks are judged at the same time now. */
  #atOnce = 0;
  /** No more are judged at a time, because users don't get more sessions. */
  #isFull = false;
  readonly #liveness: Liveness;
  readonly #pacer: Pacer;
  /** A burst is being judged: it's up to its check how long the server doesn't answer. */
  #isBurst = false;
  /** Whether anything at all comes back, as long as that is being found out. */
  #answered: Promise<Presence> | null = null;
  readonly #pageHealth = new PageHealth();
  readonly #clientQuota = new ClientQuota();
  /** Why nothing more is tried; null as long as the server answers. */
  #silent: string | null = null;

  readonly #blocked: BlockedResults<Group>;

  #browser: Promise<Browser | null>;
  #contexts: ContextPool | undefined;
  readonly #forms: SentForms;
  readonly #send: Send;
  #setup: SetupResult;

  constructor(
    private readonly run: Run,
    setup: SetupResult,
    { browser, contexts, forms, send, lastAnswered }: SchedulerOptions,
  ) {
    this.#liveness = new Liveness(
      () => void this.#suspect(),
      (milliseconds) => this.#count.answered(milliseconds),
      lastAnswered,
    );
    this.#setup = setup;
    this.#count = new CheckCount({ least: run.workers, most: run.mostWorkers, rate: run.rate });
    this.#blocked = new BlockedResults(run.statuses);
    this.#pacer = new Pacer(run.rate);
    this.#browser = Promise.resolve(browser);
    this.#contexts = contexts;
    this.#forms = forms;
    this.#send = send;
  }

  /** Judges everything, and reports each result when it comes. */
  async judgeAll(): Promise<void> {
    const groups = groupChecks(idsToJudge(this.run, this.#setup), this.run);
    const parallel = groups.filter(({ serial }) => !serial);
    const queue = new CheckQueue(parallel, this.run.workers);
    const { oneAtATime } = this.#setup;
    this.#isFull = oneAtATime !== null;
    this.#atOnce = Math.min(oneAtATime !== null ? 1 : this.run.workers, parallel.length);
    await Promise.all(Array.from({ length: this.#atOnce }, (_, index) => this.#work(queue, index)));
    this.#free.length = 0;
    for (const group of groups.filter(({ serial }) => serial))
      if (!this.#stopped) await this.#judge(group, 0);
    for (let next = this.#blocked.take(); next !== null && !this.#stopped; next = this.#blocked.take()) {
      if (next.isOwned) this.#report(next.result);
      else await this.#judgeAgain(next.origin, next.result);
    }
  }

  /** Judges one check after the other until none is left, and starts more workers beside it. */
  async #work(queue: CheckQueue, workerIndex: number): Promise<void> {
    const others: Promise<void>[] = [];
    const take = () => (this.#stopped ? null : queue.take(this.#atOnce > this.run.workers));
    for (let next = take(); next !== null; next = take()) {
      await this.#judge(next, workerIndex);
      queue.ended(next);
      const mayGrow = !this.#isFull && !this.#stopped && this.#silent === null && queue.hasMore();
      if (mayGrow && this.#count.mayGrow(this.#atOnce)) others.push(this.#workToo(queue));
    }
    this.#atOnce -= 1;
    await Promise.all(others);
  }

  async #workToo(queue: CheckQueue): Promise<void> {
    this.#atOnce += 1;
    const workerIndex = await this.#signIn().catch(() => null);
    if (workerIndex !== null) return this.#work(queue, workerIndex);
    this.#isFull = true;
    this.#atOnce -= 1;
  }

  /** @returns the index of the new sessions; null if there are none */
  async #signIn(): Promise<number | null> {
    const options = { forms: this.#forms, contexts: this.#contexts, pacer: this.#pacer };
    const sessions = await openFurtherSessions(this.run, this.#setup, await this.#browser, options);
    if (sessions === null) return null;
    const { provisioned } = this.#setup;
    const extraSessions = [...(provisioned.extraSessions ?? []), sessions];
    this.#setup = { ...this.#setup, provisioned: { ...provisioned, extraSessions } };
    void this.#send({ type: 'signed-in', sessions });
    return extraSessions.length;
  }

  /** Alone, because whatever ran beside it may have been the trouble. */
  async #judgeAgain(group: Group, first: Result): Promise<void> {
    const entries = group.entries.filter(({ requirement }) => requirement.id === first.id);
    await this.#judge({ ...group, entries, serial: true }, 0, { blocked: first });
  }

  /** Starts no more checks, and ignores what the running ones still report. */
  stop(): void {
    this.#stopped = true;
    for (let next = this.#blocked.take(); next !== null; next = this.#blocked.take())
      this.#report(next.result);
  }

  /** Closes the environments, and stores what they left at the server. */
  async close(): Promise<void> {
    await Promise.all(
      this.#all.map(async (environment, index) => {
        writeIssued(this.run, index, environment.issuedTokens());
        writeLeftovers(this.run, index, await environment.close());
      }),
    );
    await closeBrowser(await this.#browser);
  }

  /** @param first why this is the second try */
  async #judge(group: Group, workerIndex: number, first: FirstTry | null = null): Promise<void> {
    if (this.#silent !== null) return this.#lose(group, this.#silent);
    const browser = await this.#livingBrowser();
    const environment = this.#free.pop() ?? this.#open(group, workerIndex, browser);
    const ids = group.entries.map(({ requirement }) => requirement.id);
    for (const id of ids) void this.#send({ type: 'start', id });
    this.#isBurst = group.entries.some(({ requirement }) => requirement.intrusive === true);
    const results = await this.#withinLimit(group, environment);
    this.#isBurst = false;
    if (this.#stopped) return;
    // What a silence cut off is no verdict.
    if (this.#silent !== null) return this.#lose(group, this.#silent);
    if (results === null || results.some(({ status }) => status === 'error')) await endIfUseless(browser);
    if (first === null && lostTheirBrowser(results, browser))
      return this.#judge(group, workerIndex, 'crashed');
    if (results === null) {
      // Something still runs in that environment and would disturb the next check, so it's not used again.
      this.#lose(group, 'The check did not end in time.');
      await this.#listen();
      return;
    }
    if (results.every(({ status }) => status === 'error')) {
      const presence = await this.#listen();
      if (presence === 'back' && first === null && !this.#stopped) {
        this.#free.push(environment);
        return this.#judge(group, workerIndex, 'away');
      }
    }
    for (const result of results) {
      if (first !== null && typeof first !== 'string') {
        this.#report(this.#blocked.settle(first.blocked, result));
        continue;
      }
      const remarks = first === null ? result.remarks : [REMARKS[first], ...result.remarks];
      const complete = { ...result, remarks };
      if (!this.#blocked.keep(complete, group)) this.#report(complete);
    }
    this.#free.push(environment);
  }

  #report(result: Result): void {
    void this.#send({ type: 'result', result });
  }

  /** What is left isn't tried at a server that has fallen silent: each check would wait for all of its time. */
  async #listen(): Promise<Presence> {
    if (this.#silent !== null) return 'gone';
    this.#answered ??= listenBeside(this.run.target, this.#liveness);
    const presence = await this.#answered;
    this.#answered = null;
    if (presence === 'gone' && this.#silent === null) {
      this.#silent = this.#liveness.describe();
      this.#liveness.declareSilent();
    }
    return presence;
  }

  /** A request got no answer in its time. Only if nothing at all comes back, the run ends. */
  async #suspect(): Promise<void> {
    if (!this.#isBurst && !this.#stopped) await this.#listen();
  }

  /** Whether the server fell silent, so that there is no use in sending it anything. */
  get isSilent(): boolean {
    return this.#silent !== null;
  }

  #lose({ entries }: Group, reason: string): void {
    for (const { requirement } of entries) void this.#send({ type: 'lost', id: requirement.id, reason });
  }

  /** A crashed browser is replaced, and its environments aren't used again. */
  async #livingBrowser(): Promise<Browser | null> {
    const browser = await this.#browser;
    if (browser === null || browser.isConnected() || this.#stopped) return browser;
    if ((await this.#browser) === browser) {
      this.#free.length = 0;
      this.#browser = this.#launch();
    }
    return this.#browser;
  }

  async #launch(): Promise<Browser | null> {
    const { launch } = this.#setup;
    if (launch === null) return null;
    const browser = await launchBrowser({ ...launch, headless: !this.run.browser.headed });
    this.#contexts = createContextPool(browser);
    return browser;
  }

  #open({ serial }: Group, workerIndex: number, browser: Browser | null): Environment {
    const environment = openEnvironment(this.run, this.#setup, {
      browser,
      workerIndex,
      serial,
      onExchange: (exchange) => void this.#send({ type: 'exchange', exchange }),
      forms: this.#forms,
      contexts: this.#contexts,
      liveness: this.#liveness,
      clientQuota: this.#clientQuota,
      pacer: this.#pacer,
      pageHealth: this.#pageHealth,
    });
    this.#all.push(environment);
    return environment;
  }

  /** @returns null if the group didn't end */
  async #withinLimit(group: Group, environment: Environment) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), groupTimeout(group, this.run));
    });
    try {
      return await Promise.race([judgeGroup(group, this.run, this.#setup, environment), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Why a check is judged once more. */
type FirstTry = 'crashed' | 'away' | { readonly blocked: Result };

const REMARKS = {
  crashed: 'Judged in a second try. The browser crashed in the first one.',
  away: 'Judged in a second try. The server could not be reached in the first one.',
} as const;
