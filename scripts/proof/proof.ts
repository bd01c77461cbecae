/** The proof of a check: it passes on the healthy sandbox and fails, under its own id, on a sandbox with its defect. */
import pLimit from 'p-limit';
import { findDefects, nameDefect } from '../../fixtures/sandbox/defects/index.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import type { Entry } from '../../suites/catalog.js';
import type { Result } from '../../suites/result.js';
import { listEvidenceGaps } from './evidence.js';
import {
  findProfile,
  findVariants,
  isFailed,
  judgesAgents,
  type OpenSandbox,
  type SandboxData,
  type Sandboxes,
} from './sandboxes.js';

export interface Proof {
  readonly id: string;
  readonly proven: boolean;
  /** The check's result on the healthy sandbox: must be `pass`. */
  readonly healthy: Result;
  /** Its results on the sandboxes that have one defect each: must be `fail` or `warn`. Empty if there is no defect. */
  readonly defective: readonly DefectResult[];
}

/** The check's result on a sandbox with one of its defects. */
interface DefectResult {
  /** The name of the defect: the requirement's id, plus the path if it has one. */
  readonly defect: string;
  readonly result: Result;
  /** What the finding says came, and the exchange that a report prints doesn't show. */
  readonly gaps: readonly string[];
}

/**
 * @param entries the requirements to prove
 * @param onProof called when each one is done
 */
export async function prove(
  sandboxes: Sandboxes,
  entries: readonly Entry[],
  onProof: (proof: Proof) => void,
): Promise<readonly Proof[]> {
  const [agents, others] = [entries.filter(judgesAgents), entries.filter((entry) => !judgesAgents(entry))];
  return [
    ...(await proveAll(sandboxes, others, false, onProof)),
    ...(await proveAll(sandboxes, agents, true, onProof)),
  ];
}

/** @param agents whether the sandbox serves what the profile agents asks for */
async function proveAll(
  sandboxes: Sandboxes,
  entries: readonly Entry[],
  agents: boolean,
  onProof: (proof: Proof) => void,
): Promise<readonly Proof[]> {
  if (entries.length === 0) return [];
  const healthySandbox = createSandbox({ keys: sandboxes.keys, aging: true, agents });
  const workers = Math.min(sandboxes.atOnce, entries.length);
  const healthy = await sandboxes.open(healthySandbox, { agents, workers });
  // Every sandbox with a defect starts with what was set up once with the healthy one.
  const data = healthySandbox.snapshot();
  const limit = pLimit(sandboxes.atOnce);
  try {
    return await Promise.all(
      longestFirst(entries).map((entry) =>
        limit(async () => {
          const proof = await proveOne(sandboxes, entry, healthy, data);
          onProof(proof);
          return proof;
        }),
      ),
    );
  } finally {
    await healthy.close();
  }
}

async function proveOne(
  sandboxes: Sandboxes,
  entry: Entry,
  healthyStage: OpenSandbox,
  data: SandboxData,
): Promise<Proof> {
  const { id } = entry.requirement;
  const defects = findDefects(id);
  const healthy = await judgeHealthy(sandboxes, entry, defects[0]?.beside ?? [], healthyStage);
  const defective: DefectResult[] = [];
  for (const defect of defects) {
    const stage = await sandboxes.openDefective(defect, healthyStage, data);
    try {
      const result = await stage.judge(entry);
      defective.push({ defect: nameDefect(defect), result, gaps: listEvidenceGaps(result) });
    } finally {
      await stage.close();
    }
  }
  const isDetected =
    defective.length > 0 &&
    defective.every(({ result, gaps }) => isFailed(result.status) && gaps.length === 0);
  return { id, proven: healthy.status === 'pass' && isDetected, healthy, defective };
}

/** @param beside variants that a healthy server has when this is judged */
async function judgeHealthy(
  sandboxes: Sandboxes,
  entry: Entry,
  beside: readonly string[],
  healthyStage: OpenSandbox,
): Promise<Result> {
  if (beside.length === 0) return healthyStage.judge(entry);
  const deviations = findVariants(beside);
  const agents = healthyStage.target.agents === true;
  const stage = await sandboxes.open(
    createSandbox({ keys: sandboxes.keys, aging: true, agents, deviations }),
    {
      profile: findProfile(deviations),
      agents,
      workers: 1,
    },
  );
  try {
    return await stage.judge(entry);
  } finally {
    await stage.close();
  }
}

/** Checks that look at pages take longest; if they began last, we'd wait for them. */
function longestFirst(entries: readonly Entry[]): readonly Entry[] {
  const weight = ({ requirement }: Entry) => (requirement.needs.includes('page') ? 0 : 1);
  return entries.toSorted((one, other) => weight(one) - weight(other));
}
