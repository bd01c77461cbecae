/** Opens a target, judges what was selected, and makes the report: what `run` and `repeat` have in common. */
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import { loadPages } from '../../fixtures/person/pages-module.js';
import { storedSessions } from '../../fixtures/person/stored.js';
import { CannotJudge } from '../../fixtures/problem.js';
import { loadTarget } from '../../fixtures/target/load.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalogue, entries } from '../../suites/catalogue.js';
import { filtersOf, ofProfile, shardName } from '../../suites/plan/selection.js';
import { type Planned, plan } from '../../suites/plan.js';
import { unjudged } from '../../suites/unjudged.js';
import { isUnexplained } from '../baseline/baseline.js';
import { expected } from '../baseline/expected.js';
import { readBaseline } from '../baseline/file.js';
import { DEFAULT_TARGET_FILE } from '../command-line/options.js';
import type { Exit } from '../decide.js';
import { absences } from '../engine/collector.js';
import { tool } from '../package.js';
import type { Progress } from '../progress/progress.js';
import { buildReport, type Findings, type Report } from '../report/report.js';
import { plain } from '../report/terminal/text.js';
import { validated } from '../report/validate.js';
import { conduct, NO_BROWSER } from './conduct.js';
import { Interrupted, Interrupts } from './interruption.js';
import type { BaselineOption, RunOptions } from './options.js';
import { repeatCommand } from './repeat-command.js';
import { checkSelection, discovered, notYetDiscovered, withProfile } from './target.js';

/** Where what is found goes. */
export interface Outlet {
  readonly progress: Progress;
  /** Told of each exchange of a check as it happens. */
  readonly onExchange?: (exchange: ExchangeRecord) => void;
  /** Takes the line that says which server is judged and by what, before anything else. */
  announce(line: string): void;
  /** Takes a line beside the report. */
  aside(line: string): void;
  /** Takes the report of what was judged. */
  publish(report: Report): void;
  /** Takes the report that says why nothing was judged, and the reason as one sentence. */
  giveUp(report: Report, reason: string): void;
}

/** @returns the exit code */
export async function perform(options: RunOptions, outlet: () => Promise<Outlet>): Promise<number> {
  const interrupts = new Interrupts();
  const opened = await open(options);
  try {
    return await judgeTarget(opened, options, interrupts, outlet);
  } finally {
    await opened.close();
    interrupts.release();
  }
}

interface Opened {
  readonly settings: TargetSettings;
  close(): Promise<void>;
}

async function open(options: RunOptions): Promise<Opened> {
  if (options.target !== null) {
    const settings = withProfile(loadTarget(options.target), options);
    // A module or a session that cannot be read is known before anything is sent.
    if (typeof settings.pages === 'string') await loadPages(settings.pages);
    storedSessions(settings);
    return { settings, close: async () => undefined };
  }
  const { startSandbox } = await import('../run/sandbox.js');
  const sandbox = await startSandbox(options.defects);
  return { settings: withProfile(sandbox.settings, options), close: () => sandbox.close() };
}

async function judgeTarget(
  { settings }: Opened,
  options: RunOptions,
  interrupts: Interrupts,
  makeOutlet: () => Promise<Outlet>,
): Promise<number> {
  const started = new Date();
  const undiscovered = notYetDiscovered(settings);
  checkSelection(undiscovered, options);
  const outlet = await makeOutlet();
  const { onExchange } = outlet;
  const progress = expectingKnown(outlet.progress, options);
  const facts = factsOf(options, undiscovered, started);
  let planned: readonly Planned[] = plan(catalogue, undiscovered, options.selection, means(options));
  try {
    const { target, notes } = await discovered(settings, interrupts, progress);
    outlet.announce(plain(firstLine(target, options)));
    for (const note of notes) progress.say(note);
    planned = plan(catalogue, target, options.selection, means(options));
    const { results, browser } = await conduct(
      planned,
      target,
      { ...options, ...(onExchange === undefined ? {} : { onExchange }) },
      progress,
      interrupts,
      (places) => outlet.aside(leftLine(places)),
    );
    const { signal } = interrupts;
    const { results: told, complaints } = expected(results, options.baseline, signal === null);
    if (options.baseline?.update === true && signal === null) outlet.aside(describeUpdate(options.baseline));
    const report = buildReport({
      ...facts,
      durationMs: Date.now() - started.getTime(),
      run: { ...facts.run, browser },
      absent: absences(planned),
      results: told,
      policy: { ...facts.policy, interrupted: signal, complaints },
    });
    outlet.publish(validated(report));
    return report.exit.code;
  } catch (problem) {
    if (problem instanceof CannotJudge) return giveUp(problem.message, 3);
    if (problem instanceof Interrupted) {
      const terminated = interrupts.signal === 'SIGTERM';
      return giveUp(
        `The run was ${terminated ? 'terminated' : 'interrupted'} before anything was judged.`,
        terminated ? 143 : 130,
      );
    }
    throw problem;
  }

  /** Nothing was judged: one sentence for people, and a report that says so for programs. */
  function giveUp(reason: string, code: Exit['code']): number {
    const results = planned.map((each) => unjudged(each, 'not-tested', reason));
    const report: Report = {
      ...buildReport({
        ...facts,
        durationMs: Date.now() - started.getTime(),
        absent: [],
        results,
        policy: { ...facts.policy, interrupted: interrupts.signal },
      }),
      exit: { code, because: [reason] },
    };
    outlet.giveUp(validated(report), reason);
    return code;
  }
}

/** A file that nobody named, and the sandbox, must not be mistaken for another server. */
function firstLine({ name, issuer, profile }: Target, { target }: RunOptions): string {
  const from = target === DEFAULT_TARGET_FILE ? `, from ${DEFAULT_TARGET_FILE}` : '';
  const who = target === null ? `the built-in sandbox (${issuer})` : `${name} (${issuer})${from}`;
  return `Judging ${who} by profile ${profile}.`;
}

function leftLine(places: readonly string[]): string {
  return `Left at the server, since it could not be removed (${places.length}): ${plain(places.join(', '))}.`;
}

function means({ noBrowser }: RunOptions): { noBrowser: string | null } {
  return { noBrowser: noBrowser ? NO_BROWSER : null };
}

/** What the baseline expects is shown as known while the run lasts, too. */
function expectingKnown(progress: Progress, { baseline }: RunOptions): Progress {
  if (baseline === null || baseline.update) return progress;
  return {
    ...progress,
    result: (result) => {
      for (const one of expected([result], baseline, true).results) progress.result(one);
    },
  };
}

/** A file that was written without a word is not read. */
function describeUpdate({ path }: BaselineOption): string {
  const { entries: written } = readBaseline(path);
  const open = written.filter(({ reason }) => isUnexplained(reason)).length;
  const said = `Written: ${path}, with ${written.length} ${written.length === 1 ? 'entry' : 'entries'}.`;
  return open === 0 ? said : `${said} ${open} still ${open === 1 ? 'needs' : 'need'} a reason of yours.`;
}

/** What is known of a report before the run. */
function factsOf(
  options: RunOptions,
  { name, issuer, profile }: Target,
  started: Date,
): Omit<Findings, 'results' | 'absent' | 'durationMs'> {
  return {
    tool: tool(),
    target: { name, issuer, profile },
    startedAt: started.toISOString(),
    run: {
      of: ofProfile(entries(), profile).length,
      filters: filtersOf(options.selection),
      target: options.target,
      shard: options.selection.shard === null ? null : shardName(options.selection.shard),
      defects: options.defects,
      browser: null,
    },
    repeat: repeatCommand(options),
    policy: { strict: options.strict, allowIncomplete: options.allowIncomplete, interrupted: null },
  };
}
