/** The sandboxes of a proof: one process, one browser, one set of keys and one login for all of them. */
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
import type { Defect, Variant } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys, type SandboxOptions } from '../../fixtures/sandbox/index.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { discover } from '../../fixtures/target/load.js';
import { writeProfiles } from '../../fixtures/target/profiles.js';
import type { ProfileName, Target } from '../../fixtures/target/settings.js';
import type { Entry } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import type { Result, Status } from '../../suites/result.js';
import { loadSchema } from '../../suites/schemas/load.js';

/** Checks at the same time: more than the cores, because a check mostly waits for responses. */
export const CONCURRENT_SANDBOXES = 4;

type Keys = NonNullable<SandboxOptions['keys']>;

/** What a healthy sandbox remembers once it's set up. */
export type SandboxData = NonNullable<SandboxOptions['data']>;

/** A running sandbox, and the environments that use it. */
export interface OpenSandbox {
  readonly provisioned: Provisioned;
  readonly target: Target;
  /** Judges in an environment that nothing else uses at the same time, as a worker of a run does. */
  judge(entry: Entry): Promise<Result>;
  /** Judges in an environment that nothing has used before. */
  judgeApart(entry: Entry): Promise<Result>;
  close(): Promise<void>;
}

interface OpenOptions {
  /** What was set up with the healthy sandbox, whose data this one has, too. */
  readonly knownSetup?: Provisioned;
  readonly profile?: ProfileName;
  /** Whether the sandbox serves what the profile agents asks for. */
  readonly agents: boolean;
  /** How many checks use it at the same time: each has sessions of its own. */
  readonly workers?: number;
}

/** Opens sandboxes, and shares between them what is the same. */
export class Sandboxes {
  /** A form that the browser has sent to one sandbox is known for all of them. */
  readonly #forms = new SentForms('http://localhost');

  readonly #contexts: ContextPool | undefined;

  private constructor(
    private readonly browser: Browser | null,
    private readonly noBrowserReason: string,
    readonly keys: Keys,
    readonly atOnce: number,
  ) {
    this.#contexts = browser === null ? undefined : createContextPool(browser);
  }

  /**
   * @param noBrowserReason the reason if `browser` is null
   * @param atOnce checks at the same time
   */
  static async prepare(
    browser: Browser | null,
    noBrowserReason: string,
    atOnce = CONCURRENT_SANDBOXES,
  ): Promise<Sandboxes> {
    return new Sandboxes(browser, noBrowserReason, await generateKeys(), atOnce);
  }

  /** A sandbox with this defect, and the same data as the healthy one. */
  async openDefective(
    defect: Defect,
    { provisioned, target: { agents = false } }: OpenSandbox,
    data: SandboxData,
  ): Promise<OpenSandbox> {
    const beside = findVariants(defect.beside ?? []);
    const deviations = [...beside, defect];
    const sandbox = createSandbox({ keys: this.keys, aging: true, agents, deviations, data });
    return await this.open(sandbox, { knownSetup: provisioned, profile: findProfile(beside), agents });
  }

  async open(
    sandbox: ReturnType<typeof createSandbox>,
    { knownSetup, profile = 'polar', agents, workers = this.atOnce }: OpenOptions,
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
export async function judgeAll(stage: OpenSandbox, entries: readonly Entry[]): Promise<readonly Result[]> {
  const limit = pLimit(CONCURRENT_SANDBOXES);
  const isIntrusive = ({ requirement }: Entry) => requirement.intrusive === true;
  const others = entries.filter((entry) => !isIntrusive(entry));
  const results = await Promise.all(others.map((entry) => limit(() => stage.judge(entry))));
  for (const entry of entries.filter(isIntrusive)) results.push(await stage.judge(entry));
  return results;
}

export function findVariants(ids: readonly string[]): readonly Variant[] {
  return variants.filter(({ id }) => ids.includes(id));
}

export const isForAgents = ({ agents }: Variant): boolean => agents === true;

/** Whether only a server that serves what agents ask for can be judged by it. */
export const judgesAgents = ({ requirement }: Entry): boolean => requirement.profile === 'agents';

/** What is judged on a server with these deviations. */
export function findProfile(deviations: readonly Variant[]): ProfileName {
  return deviations.some(({ profile }) => profile === 'oidc') ? 'oidc' : 'polar';
}

export function isFailed(status: Status): boolean {
  return status === 'fail' || status === 'warn';
}

/** On a permitted deviation a rule may stay unjudged, but nothing may fail, break off or be blocked. */
export function isAlarm(status: Status): boolean {
  return isFailed(status) || status === 'error' || status === 'blocked';
}
