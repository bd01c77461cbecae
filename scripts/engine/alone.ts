/**
 * Playwright started by hand (`npx playwright test`): the sandbox and everything there is to judge on it, with
 * the report at the end. What `run` does in two processes happens in one.
 */
import type { FullResult } from '@playwright/test/reporter';
import { demandUsable, discover } from '../../fixtures/target/load.js';
import { catalogue, entries } from '../../suites/catalogue.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { type Planned, plan } from '../../suites/plan.js';
import { RUN_VARIABLE, type Run, writeRun } from '../../suites/run-file.js';
import { DEFAULT_OUT } from '../command-line/options.js';
import { tool } from '../package.js';
import { buildReport } from '../report/report.js';
import { terminalText } from '../report/terminal/index.js';
import { validated } from '../report/validate.js';
import { createPrivateFolder } from '../run/private-folder.js';
import { startSandbox } from '../run/sandbox.js';
import { processScreen } from '../screen.js';
import { Collector } from './collector.js';
import type { Message } from './messages.js';

/** What the set-up leaves for the reporter, which lives in the same process. */
let prepared: Prepared | null = null;

interface Prepared {
  readonly run: Run;
  readonly planned: readonly Planned[];
  readonly started: Date;
  browser: string | null;
}

export interface Alone {
  readonly run: Run;
  /** Takes the name of the browser that was found. */
  found(browser: string): void;
  close(): Promise<void>;
}

export async function prepareAlone(): Promise<Alone> {
  const started = new Date();
  const sandbox = await startSandbox([]);
  const folder = createPrivateFolder();
  const target = await discover(sandbox.settings);
  demandUsable(target);
  const planned = plan(catalogue, target, EVERYTHING);
  const run: Run = {
    folder: folder.path,
    target,
    ids: planned.map(({ requirement }) => requirement.id),
    alone: [],
    browser: { path: null, headed: false, none: null },
    out: DEFAULT_OUT,
    traces: null,
    workers: 2,
    timeoutMs: null,
    maxWait: 0,
    rate: null,
    exchanges: false,
    intrusive: false,
    thorough: false,
  };
  // Workers start after this and read the same file.
  process.env[RUN_VARIABLE] = writeRun(run);
  const mine: Prepared = { run, planned, started, browser: null };
  prepared = mine;
  return {
    run,
    found: (browser) => {
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
 * @returns what Playwright ends with: a broken rule is no failed test, but the run has failed
 */
export function reportAlone(
  messages: readonly Message[],
  { status }: Pick<FullResult, 'status'>,
): { status?: FullResult['status'] } {
  const screen = processScreen();
  const trouble = messages.flatMap((message) => (message.type === 'trouble' ? [message.text] : []));
  for (const text of trouble) screen.problem(text);
  if (prepared === null) return { status: 'failed' };
  const { run, planned, started, browser } = prepared;
  const seen = new Set(messages.flatMap((message) => (message.type === 'start' ? [message.id] : [])));
  // Playwright's own filters chose these.
  const collector = new Collector(planned.filter(({ requirement }) => seen.has(requirement.id)));
  for (const message of messages) collector.accept(message);
  const { name, issuer, profile } = run.target;
  const report = validated(
    buildReport({
      tool: tool(),
      target: { name, issuer, profile },
      startedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
      run: { of: entries().length, filters: [], shard: null, defects: [], browser },
      absent: [],
      repeat: (id) => `npx playwright test -g ${id}`,
      results: collector.results(
        entries().map(({ requirement }) => requirement.id),
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
    terminalText(report, {
      width: screen.width,
      color: screen.colors,
      quiet: false,
      savedAs: null,
    }),
  );
  return report.exit.code === 0 ? {} : { status: status === 'passed' ? 'failed' : status };
}
