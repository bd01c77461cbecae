/** `run`: judges what was selected, and writes the report everywhere it was asked for. */
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadTarget } from '../../fixtures/target/load.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { lineProgress } from '../progress/lines.js';
import { type Progress, silent } from '../progress/progress.js';
import { lastReportPath, reportJson, writeWhole } from '../report/files.js';
import { formatted } from '../report/formats/index.js';
import type { Report } from '../report/report.js';
import { terminalText } from '../report/terminal/index.js';
import { dryRun } from '../run/dry-run.js';
import { type RunArguments, type RunOptions, readOptions } from '../run/options.js';
import { perform } from '../run/perform.js';
import { checkSelection, notYetDiscovered, withProfile } from '../run/target.js';
import type { Screen } from '../screen.js';

/** @returns the exit code */
export async function run(given: RunArguments, screen: Screen): Promise<number> {
  const options = readOptions(given);
  if (options.dryRun) return dryRun(await unopened(options), options, screen);
  return perform(options, async () => ({
    progress: await progressOf(options, screen),
    announce: (line) => (options.json ? screen.aside(line) : screen.print(`${line}\n`)),
    aside: (line) => screen.aside(line),
    publish: (report) => publish(report, options, screen),
    giveUp(report, reason) {
      writeCopies(report, options, screen);
      screen.problem(reason);
    },
  }));
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
  for (const { format, path } of files) writeWhole(path, formatted(format, report));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && summary !== '') appendFileSync(summary, formatted('markdown', report));
  if (json) screen.print(reportJson(report));
}
