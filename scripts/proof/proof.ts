/**
 * The proof of a check: it passes on the healthy sandbox and goes red, under its own id, on a sandbox with
 * the defect that breaks its rule. One process, one browser, one set of keys, one login.
 */
import type { Browser } from '@playwright/test';
import pLimit from 'p-limit';
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
import type { ProfileName, Target } from '../../fixtures/target/settings.js';
import { catalog, type Entry } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import type { Result, Status } from '../../suites/result.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { createSpread, type Spread } from './matrix.js';

/** Checks at the same time: more than the cores, since most of a check is waiting for an answer. */
const CONCURRENT_SANDBOXES = 4;

export interface Proof {
  readonly id: string;
  readonly proven: boolean;
  /** What the check said of the healthy sandbox: must be `pass`. */
  readonly healthy: Result;
  /** What it said of the broken ones, each with one defect: must be `fail` or `warn`. Empty when there is no defect. */
  readonly defective: readonly DefectResult[];
}

/** What the check said of the sandbox with one of its defects. */
export interface DefectResult {
  /** The name of the defect: the id of the requirement, with the path where it has one. */
  readonly defect: string;
  readonly result: Result;
}

export interface Tolerance {
  readonly id: string;
  /** Results that a permitted deviation must not cause. */
  readonly failed: readonly Result[];
  readonly judged: number;
}

type Keys = NonNullable<SandboxOptions['keys']>;

/** A sandbox that listens, and worlds that look at it. */
interface OpenSandbox {
  readonly meeting: Provisioned;
  readonly target: Target;
  /** Judges in a world that nobody else uses meanwhile, as a worker of a run does. */
  judge(entry: Entry): Promise<Result>;
  close(): Promise<void>;
}

/** Everything that all proofs share. */
export class Prover {
  /** What a browser has sent on one sandbox is known on all of them. */
  readonly #forms = new SentForms('http://localhost');

  private constructor(
    private readonly browser: Browser | null,
    private readonly noBrowserReason: string,
    private readonly keys: Keys,
    private readonly atOnce: number,
  ) {}

  /**
   * @param noBrowserReason what to say where `browser` is null
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
   * @param onProof called as each one is done
   */
  async prove(entries: readonly Entry[], onProof: (proof: Proof) => void): Promise<readonly Proof[]> {
    const healthySandbox = createSandbox({ keys: this.keys, aging: true });
    const healthy = await this.stage(healthySandbox);
    // Every broken sandbox starts from what is known after one meeting with the healthy one.
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
   * Judges the whole catalog on each broken sandbox: one after the other, since each keeps the machine busy.
   * @param broken the requirements whose defects are tried
   * @param judged what is judged on each
   * @param onSpread called as each one is done
   */
  async spread(
    broken: readonly Entry[],
    judged: readonly Entry[],
    onSpread: (spread: Spread) => void,
  ): Promise<readonly Spread[]> {
    const healthySandbox = createSandbox({ keys: this.keys, aging: true });
    const healthy = await this.stage(healthySandbox);
    const data = healthySandbox.snapshot();
    const spreads: Spread[] = [];
    try {
      for (const defect of broken.flatMap(({ requirement }) => findDefects(requirement.id))) {
        const stage = await this.broken(defect, healthy, data);
        try {
          const spread = createSpread(defect, await judgeAll(stage, judged));
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

  /**
   * Judges all entries on a sandbox that deviates in several ways at once, as clauses allow. Only when something
   * turns red, each variant is tried alone, to name the one. What the deviating server does not claim, or its
   * profile does not demand, is left out, as in a run.
   * @param group variants of one profile
   */
  async tolerateAll(group: readonly Variant[], entries: readonly Entry[]): Promise<readonly Tolerance[]> {
    const together = await this.tolerate(group.map(({ id }) => id).join(', '), group, entries);
    if (together.failed.length === 0) return group.map(({ id }) => ({ ...together, id }));
    const alone: Tolerance[] = [];
    for (const variant of group) alone.push(await this.tolerate(variant.id, [variant], entries));
    // Together they alarm and alone none does: then the group itself is what is not tolerated.
    return alone.some(({ failed }) => failed.length > 0) ? alone : [together];
  }

  private async tolerate(
    id: string,
    deviations: readonly Variant[],
    entries: readonly Entry[],
  ): Promise<Tolerance> {
    const stage = await this.stage(createSandbox({ keys: this.keys, aging: true, deviations }), {
      profile: profileOf(deviations),
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
        defective.push({ defect: nameDefect(defect), result: await stage.judge(entry) });
      } finally {
        await stage.close();
      }
    }
    const found = defective.length > 0 && defective.every(({ result }) => isFailed(result.status));
    return { id, proven: healthy.status === 'pass' && found, healthy, defective };
  }

  /** @param beside variants that a healthy server has when this is judged */
  private async judgeHealthy(
    entry: Entry,
    beside: readonly string[],
    healthyStage: OpenSandbox,
  ): Promise<Result> {
    if (beside.length === 0) return healthyStage.judge(entry);
    const deviations = findVariants(beside);
    const stage = await this.stage(createSandbox({ keys: this.keys, aging: true, deviations }), {
      profile: profileOf(deviations),
    });
    try {
      return await stage.judge(entry);
    } finally {
      await stage.close();
    }
  }

  /** A sandbox with this defect, as known as the healthy one. */
  private async broken(
    defect: Defect,
    { meeting }: OpenSandbox,
    data: NonNullable<SandboxOptions['data']>,
  ): Promise<OpenSandbox> {
    const beside = findVariants(defect.beside ?? []);
    const sandbox = createSandbox({ keys: this.keys, aging: true, deviations: [...beside, defect], data });
    return await this.stage(sandbox, { met: meeting, profile: profileOf(beside) });
  }

  private async stage(
    sandbox: ReturnType<typeof createSandbox>,
    { met, profile = 'polar' }: { readonly met?: Provisioned; readonly profile?: ProfileName } = {},
  ): Promise<OpenSandbox> {
    const listening = await sandbox.listen();
    const target = await discover({ ...sandbox.target(), profile });
    const meeting =
      met ?? (await provision(target, this.browser, this.atOnce, { forms: this.#forms.at(target.issuer) }));
    const worlds: Environment[] = [];
    const free: Environment[] = [];
    const open = (): Environment => {
      const world = createEnvironment({
        target,
        browser: this.browser,
        noBrowserReason: this.noBrowserReason,
        provisioned: meeting,
        workerIndex: worlds.length,
        forms: this.#forms.at(target.issuer),
        // The sandbox ends with the proof, and its memory with it.
        cleanUp: false,
        schemas: loadSchema,
      });
      worlds.push(world);
      return world;
    };
    return {
      meeting,
      target,
      judge: async ({ requirement, chapter }) => {
        const world = free.pop() ?? open();
        const result = await judge(requirement, chapter.id, world);
        free.push(world);
        return result;
      },
      close: async () => {
        await Promise.all(worlds.map((world) => world.close()));
        await listening.close();
      },
    };
  }
}

function judgeAll(stage: OpenSandbox, entries: readonly Entry[]): Promise<readonly Result[]> {
  const limit = pLimit(CONCURRENT_SANDBOXES);
  return Promise.all(entries.map((entry) => limit(() => stage.judge(entry))));
}

/** What looks at pages takes longest: begun last, it would be waited for alone. */
function longestFirst(entries: readonly Entry[]): readonly Entry[] {
  const weight = ({ requirement }: Entry) => (requirement.needs.includes('page') ? 0 : 1);
  return entries.toSorted((one, other) => weight(one) - weight(other));
}

function isFailed(status: Status): boolean {
  return status === 'fail' || status === 'warn';
}

/** On a permitted deviation a rule may stay unjudged, but nothing may be red, broken off or blocked. */
function isAlarm(status: Status): boolean {
  return isFailed(status) || status === 'error' || status === 'blocked';
}

function findVariants(ids: readonly string[]): readonly Variant[] {
  return variants.filter(({ id }) => ids.includes(id));
}

/** What is judged of a server with these deviations. */
function profileOf(deviations: readonly Variant[]): ProfileName {
  return deviations.some(({ profile }) => profile === 'oidc') ? 'oidc' : 'polar';
}
