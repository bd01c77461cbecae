/** The sandbox as a target: it runs in the command's own process, on a free loopback port. */
import { UsageError } from '../../fixtures/errors.js';
import { defects, findDefect, nameDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Defect, Deviation } from '../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import { suggestName } from '../../suites/plan/selection.js';

export interface RunningSandbox {
  readonly settings: TargetSettings;
  readonly issuer: string;
  close(): Promise<void>;
}

interface SandboxWish {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Deviations that break nothing. */
  readonly further?: readonly Deviation[];
  /** Whether it serves what the profile agents asks for. */
  readonly agents?: boolean;
}

/** @param ids the requirements that it breaks */
export async function startSandbox(
  ids: readonly string[],
  { port = 0, further = [], agents = false }: SandboxWish = {},
): Promise<RunningSandbox> {
  const sandbox = createWithDeviations([...ids.flatMap(findDeviations), ...further], agents);
  const { issuer, close } = await sandbox.listen(port);
  return { settings: sandbox.target(), issuer, close };
}

function createWithDeviations(
  deviations: readonly Deviation[],
  agents: boolean,
): ReturnType<typeof createSandbox> {
  try {
    return createSandbox({ deviations: [...deviations], aging: true, agents });
  } catch (error) {
    // A single defect always works; two may replace the same rule.
    if (deviations.length < 2 || !(error instanceof Error)) throw error;
    throw new UsageError(`These defects can't be combined: ${error.message.replace(/\.$/, '')}.`);
  }
}

/** The defect with this name, and the variants that go with it. */
function findDeviations(id: string): readonly Deviation[] {
  const { beside = [], ...defect } = findDeviation(id);
  return [...variants.filter((variant) => beside.includes(variant.id)), defect];
}

/** @returns the defect that breaks this requirement, on the path that may follow after a colon */
export function findDeviation(id: string): Defect {
  const found = findDefect(id);
  if (found === undefined) {
    const known = defects.map(nameDefect);
    const advice = id.includes(',') ? ' Give --defect once for each.' : suggestName(id, known);
    throw new UsageError(`--defect: no defect breaks ${id}.${advice}`);
  }
  return found;
}
