/** `run`: target, plan, judge, report, decide, in this order; each part is a module of its own. */
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadPages } from '../../fixtures/person/pages-module.js';
import { storedSessions } from '../../fixtures/person/stored.js';
import { type Finding, sentenceOf } from '../../fixtures/preflight/finding.js';
import { reach } from '../../fixtures/preflight/reach.js';
import { CannotJudge, UsageError } from '../../fixtures/problem.js';
import { describeTarget, discoveryUrl, loadTarget } from '../../fixtures/target/load.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalogue, entries } from '../../suites/catalogue.js';
import { filtersOf, ofProfile, select, shardName } from '../../suites/plan/selection.js';
import { type Planned, plan } from '../../suites/plan.js';
import { unjudged } from '../../suites/unjudged.js';
import type { Exit } from '../decide.js';
import { absences } from '../engine/collector.js';
import { tool } from '../package.js';
import { lineProgress } from '../progress/lines.js';
import { type Progress, silent } from '../progress/progress.js';
import { lastReportPath, reportJson, writeWhole } from '../report/files.js';
import { formatted } from '../report/formats/index.js';
import { buildReport, type Findings, type Report } from '../report/report.js';
import { terminalText } from '../report/terminal/index.js';
import { plain } from '../report/terminal/text.js';
import { validated } from '../report/validate.js';
import { againCommand } from '../run/again.js';
import { conduct, NO_BROWSER } from '../run/conduct.js';
import { dryRun } from '../run/dry-run.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { type RunArguments, type RunOptions, readOptions } from '../run/options.js';
import type { Screen } from '../screen.js';

/** @returns the exit code */
export async function run(given: RunArguments, screen: Screen): Promise<number> {
  const options = readOptions(given);
  if (options.dryRun) return dryRun(await unopened(options), options, screen);
  const interrupts = new Interrupts();
  const opened = await open(options);
  try {
    return await judgeTarget(opened, options, interrupts, screen);
  } finally {
    await opened.close();
    interrupts.release();
  }
}

/** The target of a dry run: the sandbox is not even started. */
async function unopened(options: RunOptions): Promise<Target> {
  if (options.target === null) {
    const { deviation } = await import('../run/sandbox.js');
    for (const id of options.defects) deviation(id);
  }
  const settings: TargetSettings = options.target === null ? SANDBOX : loadTarget(options.target);
  const target = notYetDiscovered(withProfile(settings, options));
  checkSelection(target, options);
  return target;
}

const SANDBOX: TargetSettings = { name: 'sandbox', issuer: 'http://localhost', profile: 'polar' };

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

function withProfile(settings: TargetSettings, { profile }: RunOptions): TargetSettings {
  return profile === null ? settings : { ...settings, profile };
}

async function judgeTarget(
  { settings }: Opened,
  options: RunOptions,
  interrupts: Interrupts,
  screen: Screen,
): Promise<number> {
  const started = new Date();
  const undiscovered = notYetDiscovered(settings);
  checkSelection(undiscovered, options);
  const progress = await progressOf(options, screen);
  const facts = factsOf(options, undiscovered, started);
  let planned: readonly Planned[] = plan(catalogue, undiscovered, options.selection, means(options));
  try {
    const target = await discovered(settings, interrupts, progress);
    progress.say(`Judging ${target.name} (${target.issuer}) by profile ${target.profile}.`);
    planned = plan(catalogue, target, options.selection, means(options));
    const { results, browser } = await conduct(planned, target, options, progress, interrupts, (places) =>
      screen.aside(leftLine(places)),
    );
    const report = buildReport({
      ...facts,
      durationMs: Date.now() - started.getTime(),
      run: { ...facts.run, browser },
      absent: absences(planned),
      results,
      policy: { ...facts.policy, interrupted: interrupts.signal },
    });
    publish(validated(report), options, screen);
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
    writeCopies(validated(report), options, screen);
    screen.problem(reason);
    return code;
  }
}

function leftLine(places: readonly string[]): string {
  return `Left at the server, since it could not be removed (${places.length}): ${plain(places.join(', '))}.`;
}

/** A server that answers at once needs no words; one that does not, does. */
const SILENCE_MS = 2_000;

async function discovered(
  settings: TargetSettings,
  interrupts: Interrupts,
  progress: Progress,
): Promise<Target> {
  const url = discoveryUrl(settings);
  const slow = setTimeout(() => progress.say(`Waiting for an answer from ${url} …`), SILENCE_MS);
  // What stops nothing is said all the same: it may be why a requirement turns red.
  const stopping: Finding[] = [];
  const tell = (finding: Finding) => {
    if (finding.stops) stopping.push(finding);
    else if (finding.state === 'fault' || finding.state === 'note') progress.say(plain(sentenceOf(finding)));
  };
  try {
    const target = await interrupts.race(reach(settings, tell));
    if (target !== null) return target;
  } finally {
    clearTimeout(slow);
  }
  const [why] = stopping;
  throw new CannotJudge(why === undefined ? `${url} gave no usable answer.` : plain(sentenceOf(why)));
}

/** The target before anything was sent to it. */
function notYetDiscovered(settings: TargetSettings): Target {
  return { settings, ...describeTarget(settings), discoveryUrl: discoveryUrl(settings), document: null };
}

/** Names that nobody knows are said before anything is sent. */
function checkSelection({ name, profile }: Target, { selection, earlier }: RunOptions): void {
  if (earlier !== null && earlier.target.name !== name) {
    throw new UsageError(
      `--failed: the earlier report is about ${earlier.target.name}, not about ${name}; name the same target.`,
    );
  }
  select(catalogue, profile, selection);
}

function means({ noBrowser }: RunOptions): { noBrowser: string | null } {
  return { noBrowser: noBrowser ? NO_BROWSER : null };
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
      shard: options.selection.shard === null ? null : shardName(options.selection.shard),
      defects: options.defects,
      browser: null,
    },
    policy: { strict: options.strict, allowIncomplete: options.allowIncomplete, interrupted: null },
  };
}

async function progressOf({ quiet, json }: RunOptions, screen: Screen): Promise<Progress> {
  if (quiet) return silent;
  // Standard output belongs to the report then.
  if (json) return lineProgress((line) => screen.aside(line));
  if (!screen.animates) return lineProgress((line) => screen.print(`${line}\n`));
  const { taskProgress } = await import('../progress/tasks.js');
  return taskProgress((line) => screen.print(`${line}\n`));
}

function publish(report: Report, options: RunOptions, screen: Screen): void {
  const last = lastReportPath(options.out);
  writeWhole(last, reportJson(report));
  writeCopies(report, options, screen);
  sayTraces(report, options, screen);
  if (options.json) return;
  const blank = options.quiet ? '' : '\n';
  screen.print(
    blank +
      terminalText(report, {
        width: screen.width,
        color: options.color && screen.colors,
        quiet: options.quiet,
        again: againCommand(options),
        savedAs: last,
      }),
  );
}

/** Whoever asked for traces must know what is in them; beside the report, so that no program reads it there. */
function sayTraces({ results, startedAt }: Report, { traces }: RunOptions, screen: Screen): void {
  if (traces === null) return;
  const began = Date.parse(startedAt);
  const isNew = (id: string) =>
    (statSync(join(traces, `${id}.zip`), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= began;
  const count = results.filter(({ id }) => isNew(id)).length;
  screen.aside(
    count === 0
      ? 'No traces were kept: no check that is red used a page.'
      : `Traces of ${count} ${count === 1 ? 'check' : 'checks'} are in ${traces}. They hold live secrets (passwords, cookies, codes, tokens): give them to nobody, and delete them. To look: npx playwright show-trace FILE`,
  );
}

function writeCopies(report: Report, options: RunOptions, screen: Screen): void {
  const { files, json } = options;
  const again = againCommand(options);
  for (const { format, path } of files) writeWhole(path, formatted(format, report, again));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && summary !== '') appendFileSync(summary, formatted('markdown', report, again));
  if (json) screen.print(reportJson(report));
}
