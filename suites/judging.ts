/** What every engine does to judge a run: which checks belong together, what they stand on, how long they may take. */
import type { Browser } from '@playwright/test';
import type { SentForms } from '../fixtures/browser/sent-forms.js';
import { createEnvironment, type Environment } from '../fixtures/environment.js';
import type { ExchangeRecord } from '../fixtures/evidence/exchange.js';
import type { Liveness } from '../fixtures/http/liveness.js';
import { MAX_RETRY_WAIT_MS } from '../fixtures/http/rate-limit.js';
import { SLOWEST } from '../fixtures/time/deadline.js';
import { type Entry, findEntry } from './catalog.js';
import { judge, TRIES } from './judge.js';
import { withoutBrowser } from './plan.js';
import type { Result } from './result.js';
import { resultWithoutVerdict } from './result-without-verdict.js';
import type { Run, SetupResult } from './run-file.js';
import { loadSchema } from './schemas/load.js';

/** Beyond the check's own deadline: what a worker may need to start a browser and to end a check. */
export const GRACE_MS = 60_000;
const DEADLINE_MS = 30_000;
/** No check sends more requests than this, with its cleaning up. */
const MOST_TURNS = 300;
/** The most that one check waits, in turns of the longest wait that is allowed. */
const WAITS = 2;

/** Checks that are judged at the same time, by one worker. */
export interface Group {
  readonly entries: readonly Entry[];
  /** No other group may be judged beside it. */
  readonly serial: boolean;
  /** They wait for an expiry. */
  readonly waits: boolean;
}

/**
 * @param ids the requirements in their order
 * @param run null: all that a sandbox is judged by
 * @returns one group for each requirement; all that has to wait for an expiry waits at the same time
 */
export function groupsOf(ids: readonly string[], run: Run | null): readonly Group[] {
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

/** @returns the requirements of the run, without those whose capability the server neither claims nor shows */
export function idsToJudge({ ids, unlessSeen }: Run, { seen }: SetupResult): readonly string[] {
  return ids.filter((id) => {
    const capability = unlessSeen[id];
    return capability === undefined || seen.includes(capability);
  });
}

/** @returns milliseconds after which a group is given up: `judge` has deadlines of its own, this is but an upper limit */
export function limitOf({ entries, waits }: Group, run: Run | null): number {
  const longest = Math.max(
    ...entries.map(({ requirement }) => run?.timeoutMs ?? requirement.deadline ?? DEADLINE_MS),
  );
  const expiry = waits ? WAITS * (run?.maxWait ?? 0) * 1000 : 0;
  const turns = run === null || run.rate === null ? 0 : (MOST_TURNS * run.workers * 1000) / run.rate;
  return TRIES * (SLOWEST * longest + expiry + turns + MAX_RETRY_WAIT_MS) + GRACE_MS;
}

export interface Surroundings {
  readonly browser: Browser | null;
  /** Which of the users' sessions it has to itself. */
  readonly seat: number;
  /** No other check is judged meanwhile. */
  readonly serial: boolean;
  readonly onExchange: (record: ExchangeRecord) => void;
  readonly forms?: SentForms | undefined;
  /** Is told of each request whether it was answered. */
  readonly liveness?: Liveness | undefined;
}

/** Opens what a worker's checks stand on. */
export function openEnvironment(
  run: Run,
  { provisioned, launch, browser: name }: SetupResult,
  { browser, seat, serial, onExchange, forms, liveness }: Surroundings,
): Environment {
  return createEnvironment({
    target: run.target,
    browser,
    liveness,
    noBrowserReason: launch === null ? name : '',
    provisioned,
    workerIndex: seat,
    maxWait: run.maxWait,
    rate: run.rate === null ? null : run.rate / (serial ? 1 : run.workers),
    serial,
    intrusive: run.intrusive,
    screenshotFolder: run.out,
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
  met: SetupResult,
  environment: Environment,
): Promise<readonly Result[]> {
  const timeout = run.timeoutMs === null ? {} : { timeout: run.timeoutMs };
  return Promise.all(
    entries.map(async ({ requirement, chapter }) => {
      const ruling = met.launch === null ? withoutBrowser(requirement, met.browser) : null;
      if (ruling === null) return judge(requirement, chapter.id, environment, timeout);
      return resultWithoutVerdict({ requirement, chapter: chapter.id }, ruling.status, ruling.reason);
    }),
  );
}
