/** Opens a target, judges what was selected, and makes the report: what `run` and `repeat` have in common. */
import { loadPagesModule } from '../../fixtures/browser/pages-module.js';
import { readStoredSessions } from '../../fixtures/browser/stored-sessions.js';
import { CannotJudge } from '../../fixtures/errors.js';
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import { escapeControls } from '../../fixtures/output/terminal-text.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { formatProfiles, readProfiles } from '../../fixtures/target/profiles.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalog, listEntries } from '../../suites/catalog.js';
import { describeFilters, filterByProfile, shardName } from '../../suites/plan/selection.js';
import { type Planned, plan } from '../../suites/plan.js';
import { resultWithoutVerdict } from '../../suites/result-without-verdict.js';
import { applyBaselineOption } from '../baseline/apply-option.js';
import { isUnexplained } from '../baseline/baseline.js';
import { readBaseline } from '../baseline/file.js';
import { DEFAULT_TARGET_FILE } from '../command-line/options.js';
import type { Exit } from '../decide.js';
import { findGains } from '../doctor/missing-settings.js';
import { collectNotClaimed } from '../engine/collector.js';
import type { Progress } from '../progress/progress.js';
import { buildReport, type Report, type ReportInput } from '../report/report.js';
import { assertValidReport } from '../report/validate.js';
import { describeTool } from '../tool.js';
import { Interrupted, Interrupts } from './interruption.js';
import type { BaselineOption, RunOptions } from './options.js';
import { createRepeatCommand } from './repeat-command.js';
import { NO_BROWSER, runEngine } from './run-engine.js';
import { applyProfile, checkSelection, describeUndiscovered, discoverTarget } from './target.js';

/** Where findings go. */
export interface RunOutput {
  readonly progress: Progress;
  /** Called with each exchange of a check when it happens. */
  readonly onExchange?: (exchange: ExchangeRecord) => void;
  /** Takes the line that says which server is judged and by what, before anything else. */
  announce(line: string): void;
  /** Takes a line beside the report. */
  note(line: string): void;
  /** Takes the report of what was judged. */
  publish(report: Report): void;
  /** Takes the report that says why nothing was judged, and the reason as one sentence. */
  giveUp(report: Report, reason: string): void;
}

/** @returns the exit code */
export async function judgeAndReport(options: RunOptions, output: () => Promise<RunOutput>): Promise<number> {
  const interrupts = new Interrupts();
  const opened = await openTarget(options);
  try {
    return await judgeTarget(opened, options, interrupts, output);
  } finally {
    await opened.close();
    interrupts.release();
  }
}

interface OpenTarget {
  readonly settings: TargetSettings;
  close(): Promise<void>;
}

async function openTarget(options: RunOptions): Promise<OpenTarget> {
  if (options.target !== null) {
    const settings = applyProfile(loadTarget(options.target), options);
    // A module or session that can't be read is found before anything is sent.
    if (typeof settings.pages === 'string') await loadPagesModule(settings.pages);
    readStoredSessions(settings);
    return { settings, close: async () => undefined };
  }
  const { startSandbox } = await import('./sandbox.js');
  const agents = options.profile !== null && readProfiles(options.profile).agents;
  const sandbox = await startSandbox(options.defects, { agents });
  return { settings: applyProfile(sandbox.settings, options), close: () => sandbox.close() };
}

async function judgeTarget(
  { settings }: OpenTarget,
  options: RunOptions,
  interrupts: Interrupts,
  makeOutlet: () => Promise<RunOutput>,
): Promise<number> {
  const started = new Date();
  // The clock of the machine may be set while the run goes on.
  const begun = performance.now();
  const measureDuration = () => Math.round(performance.now() - begun);
  const undiscovered = describeUndiscovered(settings);
  checkSelection(undiscovered, options);
  const output = await makeOutlet();
  const { onExchange } = output;
  const progress = expectingKnown(output.progress, options);
  let facts = collectFacts(options, undiscovered, started);
  let planned: readonly Planned[] = plan(catalog, undiscovered, options.selection, findDependencies(options));
  try {
    const { target, notes } = await discoverTarget(settings, interrupts, progress);
    // Without a profile in the target file, the server's metadata has just chosen one.
    facts = collectFacts(options, target, started);
    output.announce(escapeControls(describeRun(target, options)));
    for (const note of notes) progress.say(note);
    planned = plan(catalog, target, options.selection, findDependencies(options));
    const { results, browser } = await runEngine(
      planned,
      target,
      { ...options, ...(onExchange === undefined ? {} : { onExchange }) },
      progress,
      interrupts,
      (places) => output.note(describeLeftovers(places)),
    );
    const { signal } = interrupts;
    const { results: finalResults, complaints } = applyBaselineOption(
      results,
      options.baseline,
      signal === null,
    );
    if (options.baseline?.update === true && signal === null) output.note(describeUpdate(options.baseline));
    const report = buildReport({
      ...facts,
      durationMs: measureDuration(),
      run: { ...facts.run, browser },
      notClaimed: collectNotClaimed(planned, results),
      results: finalResults,
      policy: { ...facts.policy, interrupted: signal, complaints },
    });
    output.publish(assertValidReport(report));
    const next = suggestInit(target, options);
    if (next !== null) output.note(next);
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
    const results = planned.map((each) => resultWithoutVerdict(each, 'not-tested', reason));
    const report: Report = {
      ...buildReport({
        ...facts,
        durationMs: measureDuration(),
        notClaimed: [],
        results,
        policy: { ...facts.policy, interrupted: interrupts.signal },
      }),
      exit: { code, reasons: [reason] },
    };
    output.giveUp(assertValidReport(report), reason);
    return code;
  }
}

/** A URL says nothing about users and clients. @returns what a target file would add; null if one was used */
function suggestInit(target: Target, options: RunOptions): string | null {
  if (options.target === null || !/^https?:/i.test(options.target)) return null;
  const gains = findGains(target, findDependencies(options));
  if (gains.length === 0) return null;
  const more = gains.reduce((sum, { requirements }) => sum + requirements, 0);
  const settings = gains.map(({ setting }) => setting.key).join(', ');
  return `Next: npx polar-conformance init ${target.issuer} (with ${settings}, ${more} more requirements could be judged)`;
}

/** The default file and the sandbox must not be mistaken for another server. */
function describeRun(judged: Target, { target }: RunOptions): string {
  const { name, issuer } = judged;
  const from = target === DEFAULT_TARGET_FILE ? `, from ${DEFAULT_TARGET_FILE}` : '';
  const who = target === null ? `the built-in sandbox (${issuer})` : `${name} (${issuer})${from}`;
  return `Judging ${who} by profile ${formatProfiles(judged)}.`;
}

function describeLeftovers(places: readonly string[]): string {
  return `Left at the server because it couldn't be removed (${places.length}): ${escapeControls(places.join(', '))}.`;
}

function findDependencies({ noBrowser }: RunOptions): { noBrowser: string | null } {
  return { noBrowser: noBrowser ? NO_BROWSER : null };
}

/** What the baseline expects is shown as known during the run, too. */
function expectingKnown(progress: Progress, { baseline }: RunOptions): Progress {
  if (baseline === null || baseline.update) return progress;
  return {
    ...progress,
    result: (result) => {
      for (const one of applyBaselineOption([result], baseline, true).results) progress.result(one);
    },
  };
}

/** Nobody looks for a file that was written silently. */
function describeUpdate({ path }: BaselineOption): string {
  const { entries: written } = readBaseline(path);
  const open = written.filter(({ reason }) => isUnexplained(reason)).length;
  const sentence = `Written: ${path}, with ${written.length} ${written.length === 1 ? 'entry' : 'entries'}.`;
  return open === 0 ? sentence : `${sentence} ${open} still ${open === 1 ? 'needs' : 'need'} your reason.`;
}

/** What is known about a report before the run. */
function collectFacts(
  options: RunOptions,
  target: Target,
  started: Date,
): Omit<ReportInput, 'results' | 'notClaimed' | 'durationMs'> {
  const { name, issuer } = target;
  return {
    tool: describeTool(),
    target: { name, issuer, profile: formatProfiles(target) },
    startedAt: started.toISOString(),
    run: {
      inProfile: filterByProfile(listEntries(), target).length,
      filters: describeFilters(options.selection),
      target: options.target,
      shard: options.selection.shard === null ? null : shardName(options.selection.shard),
      defects: options.defects,
      browser: null,
    },
    repeatCommand: createRepeatCommand(options),
    policy: { strict: options.strict, allowIncomplete: options.allowIncomplete, interrupted: null },
  };
}
