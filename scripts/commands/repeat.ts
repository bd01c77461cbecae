/** `repeat`: performs one check again, and shows each exchange as it happens with a command that sends it again. */
import { existsSync } from 'node:fs';
import { UsageError } from '../../fixtures/errors.js';
import { createPalette, wrapText } from '../../fixtures/output/terminal-text.js';
import { findEntry, listEntries } from '../../suites/catalog.js';
import { suggestName } from '../../suites/plan/selection.js';
import { Transcript } from '../repeat/transcript.js';
import { findLastReport, readReport } from '../report/files.js';
import type { Report } from '../report/report.js';
import { renderTerminal } from '../report/terminal/index.js';
import { findTargetFile, SANDBOX_NAME } from '../run/choose-target.js';
import { judgeAndReport } from '../run/judge-and-report.js';
import { type RunArguments, readOptions } from '../run/options.js';
import type { Screen } from '../screen.js';

/** What the command line said, as yargs gives it; the rest is as for `run`. */
export interface RepeatArguments
  extends Pick<
    RunArguments,
    | 'target'
    | 'defect'
    | 'profile'
    | 'browser'
    | 'headed'
    | 'timeout'
    | 'maxWait'
    | 'rate'
    | 'intrusive'
    | 'thorough'
    | 'color'
    | 'out'
  > {
  readonly id: string;
}

/** @returns the exit code, which is that of a run of this requirement alone */
export async function repeat({ id, ...given }: RepeatArguments, screen: Screen): Promise<number> {
  if (findEntry(id) === undefined) {
    const known = listEntries().map(({ requirement }) => requirement.id);
    throw new UsageError(`There is no requirement ${id}.${suggestName(id, known)}`);
  }
  const options = readOptions({ ...given, ...resolveTarget(given), only: [id], workers: 1 });
  const paint = createPalette(options.color && screen.colors);
  const transcript = new Transcript((text) => screen.print(text), paint);
  return judgeAndReport(options, async () => ({
    progress: {
      say: (text) => screen.print(`${text}\n`),
      begin: () => screen.print(`Clients and sessions are ready. Running ${id}.\n\n`),
      result: () => undefined,
      end: async () => undefined,
    },
    announce: (line) => screen.print(`${line}\n`),
    onExchange: (exchange) => transcript.add(exchange),
    note: (line) => screen.note(line),
    publish(report) {
      transcript.end();
      screen.print(formatPassed(report, screen.width) + renderTerminal(report, textOptions()));
    },
    giveUp: (_report, reason) => screen.problem(reason),
  }));

  function textOptions() {
    return {
      width: screen.width,
      color: options.color && screen.colors,
      quiet: false,
      savedAs: null,
    };
  }
}

type RepeatTarget = Pick<RunArguments, 'target' | 'defect' | 'profile'>;

/** The target that was named, else that of the last run with its defects and its profile, else the folder's own. */
function resolveTarget({
  target,
  defect = [],
  profile,
  out,
}: RepeatTarget & Pick<RunArguments, 'out'>): RepeatTarget {
  if (target !== undefined || defect.length > 0) return { target, defect, profile };
  const path = findLastReport(out);
  const advice = `name it (repeat <id> <target>), or ${SANDBOX_NAME} for the sandbox.`;
  const file = findTargetFile();
  if (!existsSync(path) && file !== undefined) return { target: file, defect, profile };
  if (!existsSync(path)) {
    throw new UsageError(`There is no report of a last run at ${path} to take the target from: ${advice}`);
  }
  const { run, target: judged } = readReport(path);
  if (run.target === undefined) {
    throw new UsageError(`The report at ${path} doesn't say which target it was about: ${advice}`);
  }
  return {
    target: run.target ?? SANDBOX_NAME,
    defect: run.defects,
    profile: profile ?? judged.profile,
  };
}

/** The terminal's report tells what is wrong; that a rule was kept is told here. */
function formatPassed({ results }: Report, width: number): string {
  return results
    .filter(({ status }) => status === 'pass')
    .map(({ id, level, chapter, statement, remarks }) => {
      const how = findEntry(id)?.requirement.how ?? '';
      const lines = [`Kept: ${statement}`, `As expected: ${how}`, ...remarks].flatMap((text) =>
        wrapText(text, width - 2).map((line) => `  ${line}`),
      );
      return [`PASS ${id} (${level}, ${chapter})`, ...lines, '', ''].join('\n');
    })
    .join('');
}
