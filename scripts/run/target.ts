/** The target of a run before and after its discovery, plus what the command line says about it. */

import { CannotJudge, UsageError } from '../../fixtures/errors.js';
import { escapeControls } from '../../fixtures/output/terminal-text.js';
import { describeFinding, type PreflightFinding } from '../../fixtures/preflight/finding.js';
import { reachServer } from '../../fixtures/preflight/reach.js';
import { buildDiscoveryUrl, describeTarget } from '../../fixtures/target/load.js';
import { combineProfiles } from '../../fixtures/target/profiles.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalog } from '../../suites/catalog.js';
import { select } from '../../suites/plan/selection.js';
import type { Progress } from '../progress/progress.js';
import type { Interrupts } from './interruption.js';
import type { RunOptions } from './options.js';

export function applyProfile(settings: TargetSettings, { profile }: RunOptions): TargetSettings {
  return profile === null ? settings : { ...settings, profile: combineProfiles(settings.profile, profile) };
}

/** If the server answers at once, nothing is shown. */
const SLOW_ANSWER_MS = 2_000;

export interface DiscoveredTarget {
  readonly target: Target;
  /** Sentences about what is odd but stops nothing. */
  readonly notes: readonly string[];
}

export async function discoverTarget(
  settings: TargetSettings,
  interrupts: Interrupts,
  progress: Progress,
): Promise<DiscoveredTarget> {
  const url = buildDiscoveryUrl(settings);
  const slow = setTimeout(() => progress.say(`Waiting for an answer from ${url} …`), SLOW_ANSWER_MS);
  // These stop nothing, but they may be why a requirement fails.
  const notes: string[] = [];
  const stopping: PreflightFinding[] = [];
  const report = (finding: PreflightFinding) => {
    if (finding.fatal) stopping.push(finding);
    else if (finding.state === 'fault' || finding.state === 'note')
      notes.push(escapeControls(describeFinding(finding)));
  };
  try {
    const target = await interrupts.race(reachServer(settings, report));
    if (target !== null) return { target, notes };
  } finally {
    clearTimeout(slow);
  }
  const [why] = stopping;
  throw new CannotJudge(
    why === undefined ? `${url} gave no usable answer.` : escapeControls(describeFinding(why)),
  );
}

/** The target before anything was sent to it. */
export function describeUndiscovered(settings: TargetSettings): Target {
  return {
    settings,
    ...describeTarget(settings),
    discoveryUrl: buildDiscoveryUrl(settings),
    published: null,
    document: null,
  };
}

/** Unknown names are reported before anything is sent. */
export function checkSelection(target: Target, { selection, earlier }: RunOptions): void {
  const { name } = target;
  if (earlier !== null && earlier.target.name !== name) {
    throw new UsageError(
      `--failed: the earlier report is about ${earlier.target.name}, not ${name}. Name the same target.`,
    );
  }
  select(catalog, target, selection);
}
