/** Lets the engine judge what is planned, and returns one result for each requirement, whatever happens. */

import { cleanUp } from '../../fixtures/environment/clean-up.js';
import { collectKnownSecrets } from '../../fixtures/environment/known-secrets.js';
import { NOTHING_PROVISIONED, type Provisioned } from '../../fixtures/environment/provisioned.js';
import { chooseRate } from '../../fixtures/environment/request-rate.js';
import { CannotJudge } from '../../fixtures/errors.js';
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import type { Target } from '../../fixtures/target/settings.js';
import { catalog, listEntries } from '../../suites/catalog.js';
import type { Planned } from '../../suites/plan.js';
import type { Result } from '../../suites/result.js';
import { type Run, writeRun } from '../../suites/run-file.js';
import { isSerial } from '../../suites/serial.js';
import type { Interruption } from '../decide.js';
import { Collector } from '../engine/collector.js';
import { type Engine, startEngine } from '../engine/engine.js';
import type { Message } from '../engine/messages.js';
import { killOrphanedProcesses } from '../engine/orphaned-processes.js';
import { usesBrowser } from '../engine/uses-browser.js';
import { InternalError, writeErrorDetails } from '../internal-error.js';
import type { ChapterSize, Progress } from '../progress/progress.js';
import { judgeInTries } from './engine-tries.js';
import type { Interrupts } from './interruption.js';
import type { RunOptions } from './options.js';
import { createPrivateFolder } from './private-folder.js';

export interface EngineResults {
  readonly results: readonly Result[];
  /** null: there was none. */
  readonly browser: string | null;
}

type Options = Pick<
  RunOptions,
  | 'browserPath'
  | 'noBrowser'
  | 'headed'
  | 'workers'
  | 'mostWorkers'
  | 'timeoutMs'
  | 'maxWait'
  | 'rate'
  | 'intrusive'
  | 'thorough'
  | 'out'
  | 'traces'
> & {
  /** Called with each exchange of a check when it happens. */
  readonly onExchange?: (exchange: ExchangeRecord) => void;
};

export const NO_BROWSER = 'No browser was to be used (--no-browser).';

/** @param reportLeftovers is called at the end with what was created at the server and could not be removed */
export async function runEngine(
  planned: readonly Planned[],
  target: Target,
  options: Options,
  progress: Progress,
  interrupts: Interrupts,
  reportLeftovers: (places: readonly string[]) => void,
): Promise<EngineResults> {
  const collector = new Collector(planned);
  const order = listEntries().map(({ requirement }) => requirement.id);
  const toJudge = planned.filter(({ ruling }) => ruling === null || ruling.unlessSeen === true);
  const ids = toJudge.map(({ requirement }) => requirement.id);
  // The plan decided everything: there is nothing to send.
  if (ids.length === 0) return { results: collector.results(order, LOST), browser: null };

  const folder = createPrivateFolder();
  const log = new EngineLog();
  try {
    const run: Run = {
      folder: folder.path,
      target,
      ids,
      unlessSeen: Object.fromEntries(
        toJudge.flatMap(({ requirement, ruling }) =>
          ruling === null ? [] : [[requirement.id, ruling.capability]],
        ),
      ),
      serial: toJudge
        .filter(({ requirement }) => isSerial(requirement, target))
        .map(({ requirement }) => requirement.id),
      statuses: {},
      browser: {
        path: options.browserPath,
        headed: options.headed,
        unavailable: options.noBrowser ? NO_BROWSER : null,
      },
      out: options.out,
      traces: options.traces,
      workers: options.workers,
      mostWorkers: options.mostWorkers,
      timeoutMs: options.timeoutMs,
      maxWait: options.maxWait,
      rate: chooseRate(target, options.rate),
      intrusive: options.intrusive,
      thorough: options.thorough,
      exchanges: options.onExchange !== undefined,
    };
    const onMessage = (message: Message) => {
      if (message.type === 'leftovers') reportLeftovers(message.places);
      // When a signal comes, a running check sees its browser die; what it reports then isn't a verdict.
      if (interrupts.signal !== null) return;
      log.record(message);
      if (message.type === 'exchange') options.onExchange?.(message.exchange);
      if (message.type === 'ready') {
        if (message.oneAtATime !== null) progress.say(ONE_AT_A_TIME[message.oneAtATime]);
        if (log.starts === 1) beginProgress(progress, planned, collector);
      }
      const result = collector.accept(message);
      if (result !== null) progress.result(result);
    };
    let stop = () => {};
    const deafen = interrupts.onSignal(() => stop());
    const { output, signal } = await judgeInTries(run, {
      start: async (next, take) => {
        const engine = await openEngine(next, take);
        stop = () => engine.stop();
        if (interrupts.signal !== null) stop();
        return engine;
      },
      accept: onMessage,
      afterKill: async (signal, left) => {
        // A browser whose owner is gone may hang, too.
        killOrphanedProcesses(folder.path);
        if (left > 0) progress.say(describeRestart(signal, left));
        const places = await cleanUp(target, log.provisioned, { rate: run.rate, timeoutMs: CLEAN_UP_MS });
        if (places.length > 0) reportLeftovers(places);
        log.forgetProvisioned();
      },
      isInterrupted: () => interrupts.signal !== null,
    });
    deafen();
    await progress.end();
    if (interrupts.signal === null)
      checkEngine(log, { output, signal }, options.out, createRedactor(target, log.provisioned));
  } finally {
    folder.remove();
  }
  const rest = interrupts.signal === null ? log.describeRest() : describeInterruption(interrupts.signal);
  return { results: collector.results(order, rest), browser: log.browser };
}

/** Milliseconds. Nobody waits long for the server before the rest is judged. */
const CLEAN_UP_MS = 10_000;

function describeRestart(signal: NodeJS.Signals, left: number): string {
  const rest = left === 1 ? 'the one requirement that is left' : `the ${left} requirements that are left`;
  return `The process that judges was ended by ${signal}. It's started again for ${rest}.`;
}

/** So few checks take less than starting a process for them. */
const FEW_CHECKS = 20;

/** A browser needs a process that answers for it; an authority must be known when a process starts. */
async function openEngine(run: Run, onMessage: (message: Message) => void): Promise<Engine> {
  const ca = run.target.settings.tls?.ca;
  if (run.ids.length <= FEW_CHECKS && ca === undefined && !usesBrowser(run)) {
    const { startLocalEngine } = await import('../engine/local-engine.js');
    return startLocalEngine(run, onMessage);
  }
  return startEngine(writeRun(run), run.folder, { ca, onMessage });
}

const LOST = { status: 'error', reason: 'The engine stopped before this was judged.' } as const;

function describeInterruption(signal: Interruption) {
  const what = signal === 'SIGINT' ? 'interrupted' : 'terminated';
  return { status: 'not-tested', reason: `The run was ${what} before this was judged.` } as const;
}

/** What the engine reported besides results. */
class EngineLog {
  /** How often an engine got ready to judge. */
  starts = 0;
  browser: string | null = null;
  provisioned: Provisioned = NOTHING_PROVISIONED;
  setupFailure: string | null = null;
  readonly errors: string[] = [];

  /** What is left when an engine couldn't judge it, and an earlier one judged the rest. */
  describeRest(): { readonly status: 'error'; readonly reason: string } {
    return this.setupFailure === null ? LOST : { status: 'error', reason: this.setupFailure };
  }

  /** What an engine created that was ended is gone. */
  forgetProvisioned(): void {
    this.provisioned = { ...this.provisioned, createdClients: [] };
  }

  record(message: Message): void {
    if (message.type === 'setup-failed') this.setupFailure = message.reason;
    if (message.type === 'engine-error') this.errors.push(message.text);
    if (message.type === 'signed-in') {
      const { extraSessions = [] } = this.provisioned;
      this.provisioned = { ...this.provisioned, extraSessions: [...extraSessions, message.sessions] };
    }
    if (message.type !== 'ready') return;
    this.starts += 1;
    this.browser = message.browser;
    this.provisioned = message.provisioned;
  }
}

/** What the engine says about its own trouble may contain secrets. */
function createRedactor({ settings }: Target, provisioned: Provisioned): (text: string) => string {
  const secrets = collectKnownSecrets(settings, provisioned);
  return (text) => secrets.redact(text);
}

/** An engine that didn't get as far as judging says nothing about the server. */
function checkEngine(
  { starts, setupFailure, errors }: EngineLog,
  { output, signal }: { readonly output: string; readonly signal: NodeJS.Signals | null },
  out: string,
  hide: (text: string) => string,
): void {
  const isReady = starts > 0;
  if (!isReady && setupFailure !== null) throw new CannotJudge(setupFailure);
  const details = hide([...errors, output].join('\n\n').trim());
  if (!isReady && signal !== null) {
    throw new CannotJudge(
      `The process that judges was ended by ${signal} before it began. A system that is short of memory does that.`,
    );
  }
  if (!isReady) throw new InternalError('the engine did not start', details);
  // What it judged still counts; what it lost is an error among the results.
  if (errors.length > 0) writeErrorDetails(new InternalError('the engine had errors', details), out);
}

const ONE_AT_A_TIME = {
  grant:
    'A new grant ends the earlier one of the same user and client here, so the checks run one at a time.',
  session: "A login ends the same user's sessions in other browsers here, so the checks run one at a time.",
} as const;

function beginProgress(progress: Progress, planned: readonly Planned[], collector: Collector): void {
  progress.begin(listChapterSizes(planned));
  for (const { requirement, ruling } of planned) {
    const result = ruling === null ? undefined : collector.result(requirement.id);
    if (result !== undefined) progress.result(result);
  }
}

function listChapterSizes(planned: readonly Planned[]): readonly ChapterSize[] {
  return catalog
    .map(({ id, title }) => ({ id, title, total: planned.filter(({ chapter }) => chapter === id).length }))
    .filter(({ total }) => total > 0);
}
