/** `run`: judges what was selected, and writes the report everywhere it was asked for. */
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { explainWriteError, writeAtomically } from '../../fixtures/output/write-file.js';
import { loadTarget } from '../../fixtures/target/load.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { createLineProgress } from '../progress/lines.js';
import { type Progress, silentProgress } from '../progress/progress.js';
import { formatAnnotations } from '../report/annotations.js';
import { findLastReport, renderJson } from '../report/files.js';
import { formatReport } from '../report/formats/index.js';
import type { Report } from '../report/report.js';
import { renderTerminal } from '../report/terminal/index.js';
import { dryRun } from '../run/dry-run.js';
import { judgeAndReport } from '../run/judge-and-report.js';
import { type RunArguments, type RunOptions, readOptions } from '../run/options.js';
import { applyProfile, checkSelection, describeUndiscovered } from '../run/target.js';
import type { Screen } from '../screen.js';

/** @returns the exit code */
export async function run(given: RunArguments, screen: Screen): Promise<number> {
  const options = readOptions(given);
  if (options.dryRun) return dryRun(await describeDryRunTarget(options), options, screen);
  return judgeAndReport(options, async () => ({
    progress: await createProgress(options, screen),
    announce: (line) => (options.json ? screen.note(line) : screen.print(`${line}\n`)),
    note: (line) => screen.note(line),
    publish: (report) => publishReport(report, options, screen),
    giveUp(report, reason) {
      writeCopies(report, options, screen);
      screen.problem(reason);
    },
  }));
}

/** The target of a dry run: the sandbox is not even started. */
async function describeDryRunTarget(options: RunOptions): Promise<Target> {
  if (options.target === null) {
    const { findDeviation: deviation } = await import('../run/sandbox.js');
    for (const id of options.defects) deviation(id);
  }
  const settings: TargetSettings = options.target === null ? SANDBOX_SETTINGS : loadTarget(options.target);
  const target = describeUndiscovered(applyProfile(settings, options));
  checkSelection(target, options);
  return target;
}

const SANDBOX_SETTINGS: TargetSettings = { name: 'sandbox', issuer: 'http://localhost', profile: 'polar' };

async function createProgress({ quiet, json }: RunOptions, screen: Screen): Promise<Progress> {
  if (quiet) return silentProgress;
  // Standard output belongs to the report then.
  if (json) return createLineProgress((line) => screen.note(line));
  if (!screen.animates) return createLineProgress((line) => screen.print(`${line}\n`));
  const { createTaskProgress: taskProgress } = await import('../progress/tasks.js');
  return taskProgress((line) => screen.print(`${line}\n`));
}

function publishReport(report: Report, options: RunOptions, screen: Screen): void {
  const last = findLastReport(options.out);
  writeAtomically(last, renderJson(report));
  writeCopies(report, options, screen);
  printTraces(report, options, screen);
  if (process.env.GITHUB_ACTIONS === 'true') screen.command(formatAnnotations(report));
  if (options.json) return;
  const blank = options.quiet ? '' : '\n';
  screen.print(
    blank +
      renderTerminal(report, {
        width: screen.width,
        color: options.color && screen.colors,
        quiet: options.quiet,
        savedAs: last,
      }),
  );
}

/** Whoever asked for traces must know what is in them; beside the report, so that no program reads it there. */
function printTraces({ results, startedAt }: Report, { traces }: RunOptions, screen: Screen): void {
  if (traces === null) return;
  const began = Date.parse(startedAt);
  const isNew = (id: string) =>
    (statSync(join(traces, `${id}.zip`), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= began;
  const count = results.filter(({ id }) => isNew(id)).length;
  screen.note(
    count === 0
      ? 'No traces were kept: no failed check used a page.'
      : `Traces of ${count} ${count === 1 ? 'check' : 'checks'} are in ${traces}. They hold live secrets (passwords, cookies, codes, tokens): don't share them, and delete them after use. To open one: npx playwright show-trace FILE`,
  );
}

function writeCopies(report: Report, options: RunOptions, screen: Screen): void {
  const { files, json } = options;
  for (const { format, path } of files) writeAtomically(path, formatReport(format, report));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && summary !== '') appendSummary(summary, report, screen);
  if (json) screen.print(renderJson(report));
}

/** The CI system names this file. If it can't be written, the verdict stays what it is. */
function appendSummary(path: string, report: Report, screen: Screen): void {
  try {
    appendFileSync(path, formatReport('markdown', report));
  } catch (problem) {
    screen.note(`The job summary ${path} could not be written: ${explainWriteError(problem)}.`);
  }
}
