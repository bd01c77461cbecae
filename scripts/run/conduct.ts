/** Lets the engine judge what is planned, and returns one result for each requirement, whatever happens. */
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import { CannotJudge } from '../../fixtures/problem.js';
import type { Target } from '../../fixtures/target/settings.js';
import { knownSecrets } from '../../fixtures/world/known-secrets.js';
import { NOBODY_MET } from '../../fixtures/world/meeting.js';
import { rateFor } from '../../fixtures/world/rate.js';
import { isAlone } from '../../suites/alone.js';
import { catalogue, entries } from '../../suites/catalogue.js';
import type { Planned } from '../../suites/plan.js';
import type { Result } from '../../suites/result.js';
import { readMeeting, writeRun } from '../../suites/run-file.js';
import type { Interruption } from '../decide.js';
import { Collector } from '../engine/collector.js';
import { startEngine } from '../engine/engine.js';
import type { Message } from '../engine/messages.js';
import { Fault, writeFault } from '../fault.js';
import type { ChapterSize, Progress } from '../progress/progress.js';
import type { Interrupts } from './interruption.js';
import type { RunOptions } from './options.js';
import { createPrivateFolder } from './private-folder.js';

export interface Conducted {
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
  | 'timeoutMs'
  | 'maxWait'
  | 'rate'
  | 'intrusive'
  | 'thorough'
  | 'out'
  | 'traces'
> & {
  /** Told of each exchange of a check as it happens. */
  readonly onExchange?: (exchange: ExchangeRecord) => void;
};

export const NO_BROWSER = 'No browser was to be used (--no-browser).';

/** @param tellLeft is told at the end what was created at the server and could not be removed */
export async function conduct(
  planned: readonly Planned[],
  target: Target,
  options: Options,
  progress: Progress,
  interrupts: Interrupts,
  tellLeft: (places: readonly string[]) => void,
): Promise<Conducted> {
  const collector = new Collector(planned);
  const order = entries().map(({ requirement }) => requirement.id);
  const ids = planned.filter(({ ruling }) => ruling === null).map(({ requirement }) => requirement.id);
  // All was decided by the plan: there is nothing to send.
  if (ids.length === 0) return { results: collector.results(order, LOST), browser: null };

  const folder = createPrivateFolder();
  const heard = new Heard();
  try {
    const runFile = writeRun({
      folder: folder.path,
      target,
      ids,
      alone: planned
        .filter(({ ruling, requirement }) => ruling === null && isAlone(requirement, target))
        .map(({ requirement }) => requirement.id),
      browser: {
        path: options.browserPath,
        headed: options.headed,
        none: options.noBrowser ? NO_BROWSER : null,
      },
      out: options.out,
      traces: options.traces,
      workers: options.workers,
      timeoutMs: options.timeoutMs,
      maxWait: options.maxWait,
      rate: rateFor(target, options.rate),
      intrusive: options.intrusive,
      thorough: options.thorough,
      exchanges: options.onExchange !== undefined,
    });
    const onMessage = (message: Message) => {
      if (message.type === 'left') tellLeft(message.places);
      // A check in flight when a signal comes sees its browser die: what it says then is no verdict.
      if (interrupts.signal !== null) return;
      heard.take(message);
      if (message.type === 'exchange') options.onExchange?.(message.exchange);
      if (message.type === 'met') begin(progress, planned, collector);
      const result = collector.accept(message);
      if (result !== null) progress.result(result);
    };
    const engine = startEngine(runFile, folder.path, { ca: target.settings.tls?.ca, onMessage });
    const deafen = interrupts.onSignal(() => engine.stop());
    const { output } = await engine.ended;
    deafen();
    await progress.end();
    if (interrupts.signal === null) check(heard, output, options.out, hiding(target, runFile));
  } finally {
    folder.remove();
  }
  const rest = interrupts.signal === null ? LOST : cutOff(interrupts.signal);
  return { results: collector.results(order, rest), browser: heard.browser };
}

const LOST = { status: 'error', reason: 'The engine ended before this was judged.' } as const;

function cutOff(signal: Interruption) {
  const what = signal === 'SIGINT' ? 'interrupted' : 'terminated';
  return { status: 'not-tested', reason: `The run was ${what} before this was judged.` } as const;
}

/** What the engine said beside results. */
class Heard {
  met = false;
  browser: string | null = null;
  hopeless: string | null = null;
  readonly trouble: string[] = [];

  take(message: Message): void {
    if (message.type === 'hopeless') this.hopeless = message.reason;
    if (message.type === 'trouble') this.trouble.push(message.text);
    if (message.type !== 'met') return;
    this.met = true;
    this.browser = message.browser;
  }
}

/** What the engine says of its own trouble may quote what it works with. */
function hiding({ settings }: Target, runFile: string): (text: string) => string {
  const secrets = knownSecrets(settings, readMeeting(runFile) ?? NOBODY_MET);
  return (text) => secrets.redact(text);
}

/** An engine that did not get as far as judging is no verdict about the server. */
function check(
  { met, hopeless, trouble }: Heard,
  output: string,
  out: string,
  hide: (text: string) => string,
): void {
  if (hopeless !== null) throw new CannotJudge(hopeless);
  const details = hide([...trouble, output].join('\n\n').trim());
  if (!met) throw new Fault('the engine did not start', details);
  // What it judged still counts; what it lost is among the results as an error.
  if (trouble.length > 0) writeFault(new Fault('the engine met trouble', details), out);
}

function begin(progress: Progress, planned: readonly Planned[], collector: Collector): void {
  progress.begin(sizes(planned));
  for (const { requirement, ruling } of planned) {
    const result = ruling === null ? undefined : collector.result(requirement.id);
    if (result !== undefined) progress.result(result);
  }
}

function sizes(planned: readonly Planned[]): readonly ChapterSize[] {
  return catalogue
    .map(({ id, title }) => ({ id, title, total: planned.filter(({ chapter }) => chapter === id).length }))
    .filter(({ total }) => total > 0);
}
