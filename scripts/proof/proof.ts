/**
 * The proof of a check: it passes on the healthy sandbox and fails, under its own id, on a sandbox with the defect that
 * breaks its rule. One process, one browser, one set of keys, one login.
 */
import type { Browser } from '@playwright/test';
import pLimit from 'p-limit';
import type { ContextPool } from '../../fixtures/browser/context-pool.js';
import { createContextPool } from '../../fixtures/browser/open-context.js';
import { SentForms } from '../../fixtures/browser/sent-forms.js';
import {
  createEnvironment,
  type Environment,
  type Provisioned,
  provision,
} from '../../fixtures/environment.js';
import { findDefects, nameDefect } from '../../fixtures/sandbox/defects/index.js';
import type { Defect, Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys, type SandboxOptions } from '../../fixtures/sandbox/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { discover } from '../../fixtures/target/load.js';
import { writeProfiles } from '../../fixtures/target/profiles.js';
import type { ProfileName, Target } from '../../fixtures/target/settings.js';
import { catalog, type Entry } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import type { Result, Status } from '../../suites/result.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { listEvidenceGaps } from './evidence.js';
import { createSpread, type Spread } from './matrix.js';
import { isBeyondShadow, Shadow } from './shadow.js';

/** Checks at the same time: more than the cores, because a check mostly waits for responses. */
const CONCURRENT_SANDBOXES = 4;

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

export interface Tolerance {
  readonly id: string;
  /** Results that a permitted deviation must not cause. */
  readonly failed: readonly Result[];
  readonly judged: number;
}

type Keys = NonNullable<SandboxOptions['keys']>;

/** A running sandbox, and the environments that use it. */
interface OpenSandbox {
  readonly provisioned: Provisioned;
  readonly target: Target;
  /** Judges in an environment that nothing else uses at the same time, as a worker of a run does. */
  judge(entry: Entry): Promise<Result>;
  /** Judges in an environment that nothing has used before. */
  judgeApart(entry: Entry): Promise<Result>;
  close(): Promise<void>;
}

interface StageOptions {
  /** What was set up with the healthy sandbox, whose data this one has, too. */
  readonly knownSetup?: Provisioned;
  readonly profile?: ProfileName;
  /** Whether the sandbox serves what the profile agents asks for. */
  readonly agents: boolean;
  /** How many checks use it at the same time: each has sessions of its own. */
  readonly workers?: number;
}

/** Everything that all proofs share. */
export class Prover {
  /** A form that the browser has sent to one sandbox is known for all of them. */
  readonly #forms = new SentForms('http://localhost');

  readonly #contexts: ContextPool | undefined;

  private constructor(
    private readonly browser: Browser | null,
    private readonly noBrowserReason: string,
    private readonly keys: Keys,
    private readonly atOnce: number,
  ) {
    this.#contexts = browser === null ? undefined : createContextPool(browser);
  }

  /**
   * @param noBrowserReason the reason if `browser` is null
   * @param atOnce checks at the same time
   */
  static async open(
    browser: Browser | null,
    noBrowserReason: string,
    atOnce = CONCURRENT_SANDBOXES,
  ): Promise<Prover> {
    return new Prover(browser, noBrowserReason, await generateKeys(), atOnce);
  }

  /**
   * @param entries the requirements to prove
   * @param onProof called when each one is done
   */
  async prove(entries: readonly Entry[], onProof: (proof: Proof) => void): Promise<readonly Proof[]> {
    const isForAgents = ({ requirement }: Entry) => requirement.profile === 'agents';
    const [agents, others] = [entries.filter(isForAgents), entries.filter((entry) => !isForAgents(entry))];
    return [
      ...(await this.proveAll(others, false, onProof)),
      ...(await this.proveAll(agents, true, onProof)),
    ];
  }

  /** @param agents whether the sandbox serves what the profile agents asks for */
  private async proveAll(
    entries: readonly Entry[],
    agents: boolean,
    onProof: (proof: Proof) => void,
  ): Promise<readonly Proof[]> {
    if (entries.length === 0) return [];
    const healthySandbox = createSandbox({ keys: this.keys, aging: true, agents });
    const workers = Math.min(this.atOnce, entries.length);
    const healthy = await this.stage(healthySandbox, { agents, workers });
    // Every sandbox with a defect starts with what was set up once with the healthy one.
    const data = healthySandbox.snapshot();
    const limit = pLimit(this.atOnce);
    try {
      return await Promise.all(
        longestFirst(entries).map((entry) =>
          limit(async () => {
            const proof = await this.proveOne(entry, healthy, data);
            onProof(proof);
            return proof;
          }),
        ),
      );
    } finally {
      await healthy.close();
    }
  }

  /**
   * Judges on each sandbox with a defect all that may fail there, one after the other, because each keeps the machine
   * busy. What meets no trace of the defect on the healthy sandbox isn't judged again: it would pass again.
   * @param broken the requirements whose defects are tried
   * @param judged what is judged on each
   * @param onSpread called when each one is done
   */
  async spread(
    broken: readonly Entry[],
    judged: readonly Entry[],
    onSpread: (spread: Spread) => void,
  ): Promise<readonly Spread[]> {
    const healthySandbox = createSandbox({ keys: this.keys, aging: true, agents: true });
    const healthy = await this.stage(healthySandbox, { agents: true });
    const data = healthySandbox.snapshot();
    const spreads: Spread[] = [];
    try {
      const defects = broken.flatMap(({ requirement }) => findDefects(requirement.id));
      const meets = await this.findMeetings(defects, judged, healthy, data);
      for (const defect of defects) {
        const stage = await this.broken(defect, healthy, data);
        try {
          const met = judged.filter((entry) => meets(defect, entry));
          const spread = createSpread(defect, await judgeAll(stage, met));
          spreads.push(spread);
          onSpread(spread);
        } finally {
          await stage.close();
        }
      }
      return spreads;
    } finally {
      await healthy.close();
    }
  }

  /** @returns whether a check gets another answer out of a sandbox with this defect than out of the healthy one */
  private async findMeetings(
    defects: readonly Defect[],
    judged: readonly Entry[],
    { provisioned }: OpenSandbox,
    data: NonNullable<SandboxOptions['data']>,
  ): Promise<(defect: Defect, entry: Entry) => boolean> {
    const shadow = new Shadow(defects);
    const deviations = [shadow.deviation];
    const agents = true;
    const stage = await this.stage(
      createSandbox({ keys: this.keys, aging: true, agents, deviations, data }),
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

  /**
   * Judges all entries on a sandbox that deviates in several ways at once, as clauses allow. Only if something fails,
   * each variant is tried separately to find the one responsible. As in a run, it leaves out what the deviating server
   * doesn't claim or its profile doesn't demand.
   * @param group variants of one profile
   */
  async tolerateAll(group: readonly Variant[], entries: readonly Entry[]): Promise<readonly Tolerance[]> {
    const together = await this.tolerate(group.map(({ id }) => id).join(', '), group, entries);
    if (together.failed.length === 0) return group.map(({ id }) => ({ ...together, id }));
    const separately: Tolerance[] = [];
    for (const variant of group) separately.push(await this.tolerate(variant.id, [variant], entries));
    // They cause a failure together but not separately: then the group itself isn't tolerated.
    return separately.some(({ failed }) => failed.length > 0) ? separately : [together];
  }

  private async tolerate(
    id: string,
    deviations: readonly Variant[],
    entries: readonly Entry[],
  ): Promise<Tolerance> {
    const agents =
      entries.every(({ requirement }) => requirement.profile === 'agents') || deviations.some(isForAgents);
    const stage = await this.stage(createSandbox({ keys: this.keys, aging: true, agents, deviations }), {
      profile: findProfile(deviations),
      agents,
      workers: Math.min(CONCURRENT_SANDBOXES, entries.length),
    });
    const planned = plan(catalog, stage.target, EVERYTHING).filter(({ ruling }) => ruling === null);
    const applicable = new Set(planned.map(({ requirement }) => requirement.id));
    try {
      const results = await judgeAll(
        stage,
        entries.filter(({ requirement }) => applicable.has(requirement.id)),
      );
      return { id, failed: results.filter(({ status }) => isAlarm(status)), judged: results.length };
    } finally {
      await stage.close();
    }
  }

  private async proveOne(
    entry: Entry,
    healthyStage: OpenSandbox,
    data: NonNullable<SandboxOptions['data']>,
  ): Promise<Proof> {
    const { id } = entry.requirement;
    const defects = findDefects(id);
    const healthy = await this.judgeHealthy(entry, defects[0]?.beside ?? [], healthyStage);
    const defective: DefectResult[] = [];
    for (const defect of defects) {
      const stage = await this.broken(defect, healthyStage, data);
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
  private async judgeHealthy(
    entry: Entry,
    beside: readonly string[],
    healthyStage: OpenSandbox,
  ): Promise<Result> {
    if (beside.length === 0) return healthyStage.judge(entry);
    const deviations = findVariants(beside);
    const agents = healthyStage.target.agents === true;
    const stage = await this.stage(createSandbox({ keys: this.keys, aging: true, agents, deviations }), {
      profile: findProfile(deviations),
      agents,
      workers: 1,
    });
    try {
      return await stage.judge(entry);
    } finally {
      await stage.close();
    }
  }

  /** A sandbox with this defect, and the same data as the healthy one. */
  private async broken(
    defect: Defect,
    { provisioned, target: { agents = false } }: OpenSandbox,
    data: NonNullable<SandboxOptions['data']>,
  ): Promise<OpenSandbox> {
    const beside = findVariants(defect.beside ?? []);
    const deviations = [...beside, defect];
    const sandbox = createSandbox({ keys: this.keys, aging: true, agents, deviations, data });
    return await this.stage(sandbox, { knownSetup: provisioned, profile: findProfile(beside), agents });
  }

  private async stage(
    sandbox: ReturnType<typeof createSandbox>,
    { knownSetup, profile = 'polar', agents, workers = this.atOnce }: StageOptions,
  ): Promise<OpenSandbox> {
    const listening = await sandbox.listen();
    const target = await discover({ ...sandbox.target(), profile: writeProfiles({ profile, agents }) });
    const provisioned =
      knownSetup ??
      (await provision(target, this.browser, workers, {
        forms: this.#forms.at(target.issuer),
        contexts: this.#contexts,
      }));
    const environments: Environment[] = [];
    const free: Environment[] = [];
    const open = (): Environment => {
      const environment = createEnvironment({
        target,
        browser: this.browser,
        noBrowserReason: this.noBrowserReason,
        provisioned,
        workerIndex: environments.length,
        forms: this.#forms.at(target.issuer),
        contexts: this.#contexts,
        // The sandbox ends with the proof, and its memory with it.
        cleanUp: false,
        schemas: loadSchema,
      });
      environments.push(environment);
      return environment;
    };
    return {
      provisioned,
      target,
      judge: async ({ requirement, chapter }) => {
        const environment = free.pop() ?? open();
        const result = await judge(requirement, chapter.id, environment);
        free.push(environment);
        return result;
      },
      judgeApart: ({ requirement, chapter }) => judge(requirement, chapter.id, open()),
      close: async () => {
        await Promise.all(environments.map((environment) => environment.close()));
        await listening.close();
      },
    };
  }
}

/** As in a run, what burdens the server comes at the end, with nothing beside it. */
async function judgeAll(stage: OpenSandbox, entries: readonly Entry[]): Promise<readonly Result[]> {
  const limit = pLimit(CONCURRENT_SANDBOXES);
  const isIntrusive = ({ requirement }: Entry) => requirement.intrusive === true;
  const others = entries.filter((entry) => !isIntrusive(entry));
  const results = await Promise.all(others.map((entry) => limit(() => stage.judge(entry))));
  for (const entry of entries.filter(isIntrusive)) results.push(await stage.judge(entry));
  return results;
}

/** Checks that look at pages take longest; if they began last, we'd wait for them. */
function longestFirst(entries: readonly Entry[]): readonly Entry[] {
  const weight = ({ requirement }: Entry) => (requirement.needs.includes('page') ? 0 : 1);
  return entries.toSorted((one, other) => weight(one) - weight(other));
}

function isFailed(status: Status): boolean {
  return status === 'fail' || status === 'warn';
}

/** On a permitted deviation a rule may stay unjudged, but nothing may fail, break off or be blocked. */
function isAlarm(status: Status): boolean {
  return isFailed(status) || status === 'error' || status === 'blocked';
}

function findVariants(ids: readonly string[]): readonly Variant[] {
  return variants.filter(({ id }) => ids.includes(id));
}

const isForAgents = ({ agents }: Variant): boolean => agents === true;

/** What is judged on a server with these deviations. */
function findProfile(deviations: readonly Variant[]): ProfileName {
  return deviations.some(({ profile }) => profile === 'oidc') ? 'oidc' : 'polar';
}
