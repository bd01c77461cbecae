/**
 * Playwright started by hand (`npx playwright test`): the sandbox and everything that can be judged on it, with the
 * report at the end. One process does what `run` does in two.
 */
import type { FullResult } from '@playwright/test/reporter';
import { discover, requireUsable } from '../../fixtures/target/load.js';
import { formatProfiles } from '../../fixtures/target/profiles.js';
import { catalog, listEntries } from '../../suites/catalog.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { type Planned, plan } from '../../suites/plan.js';
import { RUN_VARIABLE, type Run, writeRun } from '../../suites/run-file.js';
import { DEFAULT_OUT } from '../command-line/options.js';
import { buildReport } from '../report/report.js';
import { renderTerminal } from '../report/terminal/index.js';
import { assertValidReport } from '../report/validate.js';
import { createPrivateFolder } from '../run/private-folder.js';
import { startSandbox } from '../run/sandbox.js';
import { createScreen } from '../screen.js';
import { describeTool } from '../tool.js';
import { Collector } from './collector.js';
import type { Message } from './messages.js';

/** What setup leaves for the reporter, which lives in the same process. */
let preparedRun: Prepared | null = null;

interface Prepared {
  readonly run: Run;
  readonly planned: readonly Planned[];
  readonly started: Date;
  /** By performance.now(). */
  readonly begun: number;
  browser: string | null;
}

export interface Standalone {
  readonly run: Run;
  /** Takes the name of the browser that was found. */
  browserFound(browser: string): void;
  close(): Promise<void>;
}

export async function prepareStandalone(): Promise<Standalone> {
  const [started, begun] = [new Date(), performance.now()];
  const sandbox = await startSandbox([]);
  const folder = createPrivateFolder();
  const target = await discover(sandbox.settings);
  requireUsable(target);
  const planned = plan(catalog, target, EVERYTHING);
  const run: Run = {
    folder: folder.path,
    target,
    ids: planned.map(({ requirement }) => requirement.id),
    unlessSeen: {},
    serial: [],
    statuses: {},
    browser: { path: null, headed: false, unavailable: null },
    out: DEFAULT_OUT,
    traces: null,
    workers: 2,
    mostWorkers: 2,
    timeoutMs: null,
    maxWait: 0,
    rate: null,
    exchanges: false,
    intrusive: false,
    thorough: false,
  };
  // Workers start after this and read the same file.
  process.env[RUN_VARIABLE] = writeRun(run);
  const mine: Prepared = { run, planned, started, begun, browser: null };
  preparedRun = mine;
  return {
    run,
    browserFound: (browser) => {
      mine.browser = browser;
    },
    close: async () => {
      await sandbox.close();
      folder.remove();
    },
  };
}

/**
 * Prints the report.
 * @returns Playwright's final status: a failed requirement isn't a failed test, but the run has failed
 */
export function reportStandalone(
  messages: readonly Message[],
  { status }: Pick<FullResult, 'status'>,
): { status?: FullResult['status'] } {
  const screen = createScreen();
  const trouble = messages.flatMap((message) => (message.type === 'engine-error' ? [message.text] : []));
  for (const text of trouble) screen.problem(text);
  if (preparedRun === null) return { status: 'failed' };
  const { run, planned, started, begun, browser } = preparedRun;
  const observed = new Set(messages.flatMap((message) => (message.type === 'start' ? [message.id] : [])));
  // Playwright's own filters chose these.
  const collector = new Collector(planned.filter(({ requirement }) => observed.has(requirement.id)));
  for (const message of messages) collector.accept(message);
  const { name, issuer } = run.target;
  const report = assertValidReport(
    buildReport({
      tool: describeTool(),
      target: { name, issuer, profile: formatProfiles(run.target) },
      startedAt: started.toISOString(),
      durationMs: Math.round(performance.now() - begun),
      run: { inProfile: listEntries().length, filters: [], shard: null, defects: [], browser },
      notClaimed: [],
      repeatCommand: (id) => `npx playwright test -g ${id}`,
      results: collector.results(
        listEntries().map(({ requirement }) => requirement.id),
        { status: 'not-tested', reason: 'The run ended before this was judged.' },
      ),
      policy: {
        strict: false,
        allowIncomplete: false,
        interrupted: status === 'interrupted' ? 'SIGINT' : null,
      },
    }),
  );
  screen.print(
    renderTerminal(report, {
      width: screen.width,
      color: screen.colors,
      quiet: false,
      savedAs: null,
    }),
  );
  return report.exit.code === 0 ? {} : { status: status === 'passed' ? 'failed' : status };
}
