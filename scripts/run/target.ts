/** The target of a run before and after its discovery, with what the command line says about it. */
import { type Finding, sentenceOf } from '../../fixtures/preflight/finding.js';
import { reach } from '../../fixtures/preflight/reach.js';
import { CannotJudge, UsageError } from '../../fixtures/problem.js';
import { describeTarget, discoveryUrl } from '../../fixtures/target/load.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalogue } from '../../suites/catalogue.js';
import { select } from '../../suites/plan/selection.js';
import type { Progress } from '../progress/progress.js';
import { plain } from '../report/terminal/text.js';
import type { Interrupts } from './interruption.js';
import type { RunOptions } from './options.js';

export function withProfile(settings: TargetSettings, { profile }: RunOptions): TargetSettings {
  return profile === null ? settings : { ...settings, profile };
}

/** A server that answers at once needs no words; one that does not, does. */
const SILENCE_MS = 2_000;

export interface DiscoveredTarget {
  readonly target: Target;
  /** Sentences about what is odd, though it stops nothing. */
  readonly notes: readonly string[];
}

export async function discovered(
  settings: TargetSettings,
  interrupts: Interrupts,
  progress: Progress,
): Promise<DiscoveredTarget> {
  const url = discoveryUrl(settings);
  const slow = setTimeout(() => progress.say(`Waiting for an answer from ${url} …`), SILENCE_MS);
  // What stops nothing is said all the same: it may be why a requirement fails.
  const notes: string[] = [];
  const stopping: Finding[] = [];
  const tell = (finding: Finding) => {
    if (finding.stops) stopping.push(finding);
    else if (finding.state === 'fault' || finding.state === 'note') notes.push(plain(sentenceOf(finding)));
  };
  try {
    const target = await interrupts.race(reach(settings, tell));
    if (target !== null) return { target, notes };
  } finally {
    clearTimeout(slow);
  }
  const [why] = stopping;
  throw new CannotJudge(why === undefined ? `${url} gave no usable answer.` : plain(sentenceOf(why)));
}

/** The target before anything was sent to it. */
export function notYetDiscovered(settings: TargetSettings): Target {
  return { settings, ...describeTarget(settings), discoveryUrl: discoveryUrl(settings), document: null };
}

/** Names that nobody knows are said before anything is sent. */
export function checkSelection({ name, profile }: Target, { selection, earlier }: RunOptions): void {
  if (earlier !== null && earlier.target.name !== name) {
    throw new UsageError(
      `--failed: the earlier report is about ${earlier.target.name}, not about ${name}; name the same target.`,
    );
  }
  select(catalogue, profile, selection);
}
