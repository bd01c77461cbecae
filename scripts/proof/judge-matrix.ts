/** Judges the matrix: what else fails on each sandbox with a defect. */
import { findDefects } from '../../fixtures/sandbox/defects/index.js';
import type { Defect } from '../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import type { Entry } from '../../suites/catalog.js';
import type { Result } from '../../suites/result.js';
import { createMatrixRow, isOwned, type MatrixRow } from './matrix.js';
import { judgeAll, type OpenSandbox, type SandboxData, type Sandboxes } from './sandboxes.js';
import { isBeyondShadow, Shadow } from './shadow.js';

/**
 * Judges on each sandbox with a defect all that may fail there, one after the other, because each keeps the machine
 * busy. What meets no trace of the defect on the healthy sandbox isn't judged again: it would pass again.
 * @param broken the requirements whose defects are tried
 * @param judged what is judged on each
 * @param onRow called when each one is done
 */
export async function judgeMatrix(
  sandboxes: Sandboxes,
  broken: readonly Entry[],
  judged: readonly Entry[],
  onRow: (row: MatrixRow) => void,
): Promise<readonly MatrixRow[]> {
  const healthySandbox = createSandbox({ keys: sandboxes.keys, aging: true, agents: true });
  const healthy = await sandboxes.open(healthySandbox, { agents: true });
  const data = healthySandbox.snapshot();
  const rows: MatrixRow[] = [];
  try {
    const defects = broken.flatMap(({ requirement }) => findDefects(requirement.id));
    const meets = await findMeetings(sandboxes, defects, judged, healthy, data);
    for (const defect of defects) {
      const stage = await sandboxes.openDefective(defect, healthy, data);
      try {
        const met = judged.filter((entry) => meets(defect, entry));
        const results = await judgeAll(stage, met);
        const row = createMatrixRow(defect, await judgeUnownedAgain(stage, met, results));
        rows.push(row);
        onRow(row);
      } finally {
        await stage.close();
      }
    }
    return rows;
  } finally {
    await healthy.close();
  }
}

/** As in a run, what is blocked by a requirement that doesn't fail is judged again when nothing else disturbs it. */
async function judgeUnownedAgain(
  stage: OpenSandbox,
  entries: readonly Entry[],
  results: readonly Result[],
): Promise<readonly Result[]> {
  const settled: Result[] = [];
  for (const result of results) {
    const entry = entries.find(({ requirement }) => requirement.id === result.id);
    const isLost = result.status === 'blocked' && !isOwned(result, results);
    settled.push(isLost && entry !== undefined ? await stage.judgeApart(entry) : result);
  }
  return settled;
}

/** @returns whether a sandbox with this defect answers a check differently from the healthy one */
async function findMeetings(
  sandboxes: Sandboxes,
  defects: readonly Defect[],
  judged: readonly Entry[],
  { provisioned }: OpenSandbox,
  data: SandboxData,
): Promise<(defect: Defect, entry: Entry) => boolean> {
  const shadow = new Shadow(defects);
  const deviations = [shadow.deviation];
  const agents = true;
  const stage = await sandboxes.open(
    createSandbox({ keys: sandboxes.keys, aging: true, agents, deviations, data }),
    {
      knownSetup: provisioned,
      agents,
    },
  );
  // What the target is read from decides on every check.
  const always = await shadow.takeMet();
  const met = new Map<Entry, ReadonlySet<Defect>>();
  try {
    for (const entry of judged) {
      await stage.judgeApart(entry);
      met.set(entry, await shadow.takeMet());
    }
  } finally {
    await stage.close();
  }
  return (defect, entry) =>
    entry.requirement.id === defect.breaks ||
    isBeyondShadow(defect) ||
    always.has(defect) ||
    met.get(entry)?.has(defect) === true;
}
