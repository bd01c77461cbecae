/** `prove`: shows that each check fails on a server that breaks its rule and passes on one that keeps it. */
import { closeBrowser } from '../../fixtures/browser/browser-process.js';
import { type OpenBrowser, openBrowser } from '../../fixtures/browser/find-browser.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { catalog, type Entry, listEntries } from '../../suites/catalog.js';
import { EVERYTHING, select } from '../../suites/plan/selection.js';
import { withoutBrowser } from '../../suites/plan.js';
import { groupVariants } from '../proof/groups.js';
import { judgeMatrix } from '../proof/judge-matrix.js';
import { formatMatrixRow, formatSummary, isSound, summarizeMatrix } from '../proof/matrix.js';
import { type Proof, prove as proveEntries } from '../proof/proof.js';
import { Sandboxes } from '../proof/sandboxes.js';
import { type Tolerance, tolerateAll } from '../proof/tolerate.js';
import { usePrivateTemporaryFolder } from '../run/private-folder.js';

export interface ProveOptions {
  /** Requirement ids; none means all. */
  readonly ids: readonly string[];
  readonly chapters: readonly string[];
  /** Also judge the permitted variants; with `only` nothing else. */
  readonly variants: 'none' | 'also' | 'only';
  /** Ids of variants; none means all. */
  readonly variantIds: readonly string[];
  /** Show instead what else fails on each defect. */
  readonly matrix: boolean;
  readonly browser?: string | undefined;
  readonly json: boolean;
  readonly print: (line: string) => void;
}

/** The command has the machine to itself, which the tests have not. */
const CONCURRENT_CHECKS = 6;

/** @returns the exit code: 0 when everything is proven, else 1. */
export async function prove(options: ProveOptions): Promise<0 | 1> {
  const started = performance.now();
  const chosen = selectEntries(options);
  const temporary = usePrivateTemporaryFolder();
  try {
    return await proveChosen(chosen, options, started);
  } finally {
    temporary.remove();
  }
}

async function proveChosen(chosen: readonly Entry[], options: ProveOptions, started: number): Promise<0 | 1> {
  const { browser, reason } = await openBrowserFor(chosen, options);
  try {
    const sandboxes = await Sandboxes.prepare(browser, reason, CONCURRENT_CHECKS);
    const say = options.json ? () => undefined : options.print;
    if (options.matrix) return await printMatrix(sandboxes, chosen, options, started);
    const proofs =
      options.variants === 'only'
        ? []
        : await proveEntries(sandboxes, chosen, (proof) => printProof(proof, say));
    const tolerances: Tolerance[] = [];
    if (options.variants !== 'none') {
      const tried = variants.filter(
        ({ id }) => options.variantIds.length === 0 || options.variantIds.includes(id),
      );
      for (const group of groupVariants(tried)) {
        for (const tolerance of await tolerateAll(sandboxes, group, chosen)) {
          tolerances.push(tolerance);
          printTolerance(tolerance, say);
        }
      }
    }
    const unproven = proofs.filter(({ proven }) => !proven).length;
    const alarms = tolerances.filter(({ failed }) => failed.length > 0).length;
    const seconds = Math.round((performance.now() - started) / 1000);
    if (options.json) options.print(JSON.stringify({ proofs, tolerances, seconds }, null, 2));
    say(summarize(proofs.length, unproven, tolerances.length, alarms, seconds));
    return unproven + alarms === 0 ? 0 : 1;
  } finally {
    await closeBrowser(browser);
  }
}

/** A browser takes longer to start than most checks take, so there is none where nothing needs it. */
async function openBrowserFor(
  chosen: readonly Entry[],
  { browser, matrix }: ProveOptions,
): Promise<Pick<OpenBrowser, 'browser' | 'reason'>> {
  const judged = matrix ? listEntries() : chosen;
  if (judged.some(({ requirement }) => withoutBrowser(requirement, '') !== null))
    return openBrowser(browser, async (launch) => launch);
  return { browser: null, reason: 'Nothing in the selection needs a browser.' };
}

/** @returns 1 if something fails or is blocked without a reason, or a defect's own check doesn't fail. */
async function printMatrix(
  sandboxes: Sandboxes,
  broken: readonly Entry[],
  { json, print }: ProveOptions,
  started: number,
): Promise<0 | 1> {
  const say = (lines: readonly string[]) => {
    if (!json) for (const line of lines) print(line);
  };
  const rows = await judgeMatrix(sandboxes, broken, listEntries(), (row) => say(formatMatrixRow(row)));
  const summary = summarizeMatrix(rows);
  const seconds = Math.round((performance.now() - started) / 1000);
  if (json) print(JSON.stringify({ rows, summary, seconds }, null, 2));
  say(formatSummary(summary, seconds));
  return isSound(summary) ? 0 : 1;
}

/** An id or chapter that nobody knows is a mistake of the command line, as in `run`. */
function selectEntries({ ids, chapters }: ProveOptions): readonly Entry[] {
  return select(catalog, { profile: 'polar', agents: true }, { ...EVERYTHING, only: ids, chapters });
}

function printProof({ id, proven, healthy, defective }: Proof, say: (line: string) => void): void {
  if (proven) {
    for (const { defect, result } of defective) say(`proven    ${defect}: ${result.message ?? ''}`);
    return;
  }
  say(`UNPROVEN  ${id}`);
  say(`  healthy: ${healthy.status} ${healthy.message ?? healthy.reason ?? ''}`);
  if (healthy.expected !== null)
    say(`    expected ${healthy.expected}\n    received ${healthy.received ?? ''}`);
  if (defective.length === 0) say('  no defect');
  for (const { defect, result, gaps } of defective) {
    say(`  defect ${defect}: ${result.status} ${result.message ?? result.reason ?? ''}`);
    for (const gap of gaps) say(`    its evidence doesn't show: ${gap}`);
  }
}

function printTolerance({ id, failed, judged }: Tolerance, say: (line: string) => void): void {
  if (failed.length === 0) {
    say(`tolerated ${id} (${judged} judged)`);
    return;
  }
  say(`ALARM     ${id}`);
  for (const result of failed)
    say(`  ${result.status} ${result.id}: ${result.message ?? result.reason ?? ''}`);
}

function summarize(
  proofs: number,
  unproven: number,
  variantCount: number,
  alarms: number,
  seconds: number,
): string {
  const parts = [`${proofs - unproven} of ${proofs} checks proven`];
  if (variantCount > 0) parts.push(`${variantCount - alarms} of ${variantCount} variants passed`);
  return `${parts.join(', ')} in ${seconds} s`;
}
