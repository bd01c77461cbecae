/** `prove`: shows that each check fails on a server that breaks its rule and passes on one that keeps it. */
import { chromium } from '@playwright/test';
import { findBrowser } from '../../fixtures/person/browser.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { catalogue, type Entry, entries } from '../../suites/catalogue.js';
import { EVERYTHING, select } from '../../suites/plan/selection.js';
import { groupsOfVariants } from '../proof/groups.js';
import { spreadLines, summaryLines, summaryOf } from '../proof/matrix.js';
import { type Proof, ProofRoom, type Tolerance } from '../proof/proof.js';
import { ownTemporaryFiles } from '../run/private-folder.js';

export interface ProveOptions {
  /** Requirement ids; none means all. */
  readonly ids: readonly string[];
  readonly chapters: readonly string[];
  /** Also judge the permitted variants; with `only` nothing else. */
  readonly variants: 'none' | 'also' | 'only';
  /** Ids of variants; none means all. */
  readonly variantIds: readonly string[];
  /** Show instead what else each defect turns red. */
  readonly matrix: boolean;
  readonly browser?: string | undefined;
  readonly json: boolean;
  readonly print: (line: string) => void;
}

/** The command has the machine to itself, which the tests have not. */
const ALONE_AT_ONCE = 6;

/** @returns the exit code: 0 when everything is proven, else 1. */
export async function prove(options: ProveOptions): Promise<0 | 1> {
  const started = performance.now();
  const chosen = choose(options);
  const temporary = ownTemporaryFiles();
  try {
    return await proveChosen(chosen, options, started);
  } finally {
    temporary.remove();
  }
}

async function proveChosen(chosen: readonly Entry[], options: ProveOptions, started: number): Promise<0 | 1> {
  const found = await findBrowser(options.browser);
  const browser = found.launch === null ? null : await chromium.launch({ ...found.launch, headless: true });
  try {
    const room = await ProofRoom.open(browser, found.reason, ALONE_AT_ONCE);
    const say = options.json ? () => undefined : options.print;
    if (options.matrix) return await matrix(room, chosen, options, started);
    const proofs =
      options.variants === 'only' ? [] : await room.prove(chosen, (proof) => sayProof(proof, say));
    const tolerances: Tolerance[] = [];
    if (options.variants !== 'none') {
      const tried = variants.filter(
        ({ id }) => options.variantIds.length === 0 || options.variantIds.includes(id),
      );
      for (const group of groupsOfVariants(tried)) {
        for (const tolerance of await room.tolerateAll(group, chosen)) {
          tolerances.push(tolerance);
          sayTolerance(tolerance, say);
        }
      }
    }
    const unproven = proofs.filter(({ proven }) => !proven).length;
    const alarms = tolerances.filter(({ red }) => red.length > 0).length;
    const seconds = Math.round((performance.now() - started) / 1000);
    if (options.json) options.print(JSON.stringify({ proofs, tolerances, seconds }, null, 2));
    say(summary(proofs.length, unproven, tolerances.length, alarms, seconds));
    return unproven + alarms === 0 ? 0 : 1;
  } finally {
    await browser?.close();
  }
}

/** @returns 1 where something goes red without a reason, or a defect's own check does not. */
async function matrix(
  room: ProofRoom,
  broken: readonly Entry[],
  { json, print }: ProveOptions,
  started: number,
): Promise<0 | 1> {
  const say = (lines: readonly string[]) => {
    if (!json) for (const line of lines) print(line);
  };
  const spreads = await room.spread(broken, entries(), (spread) => say(spreadLines(spread)));
  const summary = summaryOf(spreads);
  const seconds = Math.round((performance.now() - started) / 1000);
  if (json) print(JSON.stringify({ spreads, summary, seconds }, null, 2));
  say(summaryLines(summary, seconds));
  return summary.unexplained + summary.silent.length === 0 ? 0 : 1;
}

/** An id or chapter that nobody knows is a mistake of the command line, as in `run`. */
function choose({ ids, chapters }: ProveOptions): readonly Entry[] {
  return select(catalogue, 'polar', { ...EVERYTHING, only: ids, chapters });
}

function sayProof({ id, proven, healthy, broken }: Proof, say: (line: string) => void): void {
  if (proven) {
    say(`proven    ${id}: ${broken?.message ?? ''}`);
    return;
  }
  say(`UNPROVEN  ${id}`);
  say(`  healthy: ${healthy.status} ${healthy.message ?? healthy.reason ?? ''}`);
  if (healthy.expected !== null)
    say(`    expected ${healthy.expected}\n    received ${healthy.received ?? ''}`);
  say(
    broken === null ? '  no defect' : `  defect:  ${broken.status} ${broken.message ?? broken.reason ?? ''}`,
  );
}

function sayTolerance({ id, red, judged }: Tolerance, say: (line: string) => void): void {
  if (red.length === 0) {
    say(`tolerated ${id} (${judged} judged)`);
    return;
  }
  say(`ALARM     ${id}`);
  for (const result of red) say(`  ${result.status} ${result.id}: ${result.message ?? result.reason ?? ''}`);
}

function summary(
  proofs: number,
  unproven: number,
  variantCount: number,
  alarms: number,
  seconds: number,
): string {
  const parts = [`${proofs - unproven} of ${proofs} checks proven`];
  if (variantCount > 0) parts.push(`${variantCount - alarms} of ${variantCount} variants tolerated`);
  return `${parts.join(', ')} in ${seconds} s`;
}
