/**
 * What every engine needs to judge a run: which checks belong together, what they depend on, and how long they may
 * take.
 */
import type { Browser } from '@playwright/test';
import type { ContextPool } from '../fixtures/browser/context-pool.js';
import type { PageHealth } from '../fixtures/browser/page-health.js';
import type { SentForms } from '../fixtures/browser/sent-forms.js';
import type { ClientQuota } from '../fixtures/environment/client-quota.js';
import { createEnvironment, type Environment } from '../fixtures/environment.js';
import type { ExchangeRecord } from '../fixtures/evidence/exchange.js';
import type { Liveness } from '../fixtures/http/liveness.js';
import { MAX_RETRY_WAIT_MS, type Pacer } from '../fixtures/http/rate-limit.js';
import { SLOWEST } from '../fixtures/time/deadline.js';
import { type Entry, findEntry } from './catalog.js';
import { judge, TRIES } from './judge.js';
import { withoutBrowser } from './plan.js';
import type { Result } from './result.js';
import { resultWithoutVerdict } from './result-without-verdict.js';
import type { Run, SetupResult } from './run-file.js';
import { loadSchema } from './schemas/load.js';

/** On top of the check's own deadline: the time a worker may need to start a browser and to end a check. */
export const GRACE_MS = 60_000;
const DEADLINE_MS = 30_000;
/** No check sends more requests than this, including its cleanup. */
const MOST_TURNS = 300;
/** The longest that one check waits, as a multiple of the longest wait allowed. */
const WAITS = 2;

/** Checks that one worker judges at the same time. */
export interface Group {
  readonly entries: readonly Entry[];
  /** No other group may be judged at the same time. */
  readonly serial: boolean;
  /** They wait for an expiry. */
  readonly waits: boolean;
}

/**
 * @param ids the requirements in order
 * @param run null: everything that a sandbox is judged by
 * @returns one group per requirement, except that all those that wait for an expiry wait together in one group
 */
export function groupChecks(ids: readonly string[], run: Run | null): readonly Group[] {
  const planned = ids.map((id) => {
    const entry = findEntry(id);
    if (entry === undefined) throw new Error(`the catalog has no requirement ${id}`);
    return entry;
  });
  const waitsHere = run !== null && run.maxWait > 0 && run.target.settings.time?.ageEndpoint === undefined;
  const waiting = waitsHere ? planned.filter(({ requirement }) => requirement.waits === true) : [];
  const others = planned.filter((entry) => !waiting.includes(entry)).map((entry) => [entry]);
  return [waiting, ...others]
    .filter(({ length }) => length > 0)
    .map((entries) => ({
      entries,
      serial: entries.some(({ requirement }) => run?.serial.includes(requirement.id) === true),
      waits: entries === waiting,
    }));
}

/** @returns the run's requirements, except those whose capability the server neither claims nor shows */
export function idsToJudge({ ids, unlessSeen }: Run, { observed }: SetupResult): readonly string[] {
  return ids.filter((id) => {
    const capability = unlessSeen[id];
    return capability === undefined || observed.includes(capability);
  });
}

/**
 * @returns milliseconds after which a group is abandoned. `judge` has its own deadlines; this is only an upper limit
 */
export function groupTimeout({ entries, waits }: Group, run: Run | null): number {
  const longest = Math.max(
    ...entries.map(({ requirement }) => run?.timeoutMs ?? requirement.deadline ?? DEADLINE_MS),
  );
  const expiry = waits ? WAITS * (run?.maxWait ?? 0) * 1000 : 0;
  const turns = run === null || run.rate === null ? 0 : (MOST_TURNS * run.mostWorkers * 1000) / run.rate;
  return TRIES * (SLOWEST * longest + expiry + turns + MAX_RETRY_WAIT_MS) + GRACE_MS;
}

export interface Surroundings {
  readonly browser: Browser | null;
  /** Which of the users' sessions belongs to it. */
  readonly workerIndex: number;
  /** No other check is judged at the same time. */
  readonly serial: boolean;
  readonly onExchange: (record: ExchangeRecord) => void;
  readonly forms?: SentForms | undefined;
  /** Browser contexts that all environments use again. */
  readonly contexts?: ContextPool | undefined;
  /** Is told of each request whether it was answered. */
  readonly liveness?: Liveness | undefined;
  /** Shared by all environments of a run. */
  readonly pageHealth?: PageHealth | undefined;
  /** Shared by all environments of a run. */
  readonly clientQuota?: ClientQuota | undefined;
  /** Shared by all environments of a run; without one, each worker has its share of the run's rate. */
  readonly pacer?: Pacer | undefined;
}

/** Opens what a worker's checks need. */
export function openEnvironment(
  run: Run,
  { provisioned, launch, browser: name }: SetupResult,
  {
    browser,
    workerIndex,
    serial,
    onExchange,
    forms,
    contexts,
    liveness,
    pageHealth,
    clientQuota,
    pacer,
  }: Surroundings,
): Environment {
  return createEnvironment({
    target: run.target,
    browser,
    liveness,
    pageHealth,
    clientQuota,
    pacer,
    noBrowserReason: launch === null ? name : '',
    provisioned,
    workerIndex,
    maxWait: run.maxWait,
    rate: run.rate === null ? null : run.rate / (serial ? 1 : run.workers),
    serial,
    intrusive: run.intrusive,
    screenshotFolder: run.out,
    contexts,
    schemas: loadSchema,
    ...(run.traces === null ? {} : { traceFolder: run.traces }),
    ...(run.exchanges ? { onExchange } : {}),
    ...(run.thorough ? { forms: null } : forms === undefined ? {} : { forms }),
  });
}

/** Judges the checks of a group at the same time. */
export function judgeGroup(
  { entries }: Group,
  run: Run,
  setup: SetupResult,
  environment: Environment,
): Promise<readonly Result[]> {
  const timeout = run.timeoutMs === null ? {} : { timeout: run.timeoutMs };
  return Promise.all(
    entries.map(async ({ requirement, chapter }) => {
      const ruling = setup.launch === null ? withoutBrowser(requirement, setup.browser) : null;
      if (ruling === null) return judge(requirement, chapter.id, environment, timeout);
      return resultWithoutVerdict({ requirement, chapter: chapter.id }, ruling.status, ruling.reason);
    }),
  );
}
