/**
 * The parts of a target file that the user has to fill in, and how much more each lets us judge. `plan` counts them, so
 * nothing is promised that a run wouldn't do.
 */
import type { Capability } from '../../fixtures/target/capabilities.js';
import { readClaim } from '../../fixtures/target/claims.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalog } from '../../suites/catalog.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { type Planned, type PlanOptions, plan } from '../../suites/plan.js';
import { createClientValue, createUserValue } from './setting-values.js';

export interface Setting {
  /** The key of the target file, with dots. */
  readonly key: string;
  /** What belongs there: secrets, and everything that only the user knows, as names of environment variables. */
  readonly value: unknown;
}

export interface Gain {
  readonly setting: Setting;
  /** How many more requirements can be judged once all parts before this one are there. */
  readonly requirements: number;
}

export interface OptionalSetting {
  readonly key: string;
  /** What we suggest for this server. */
  readonly createValue: (target: Target) => unknown;
  readonly isMissing: (target: Target) => boolean;
}

/** In the order in which they build on each other. */
const OPTIONAL_SETTINGS: readonly OptionalSetting[] = [
  {
    key: 'clients.first',
    createValue: (target) => createClientValue('FIRST', true, target),
    isMissing: isCapabilityMissing('client'),
  },
  { key: 'users.first', createValue: () => createUserValue('FIRST'), isMissing: isCapabilityMissing('user') },
  {
    key: 'clients.second',
    createValue: (target) => createClientValue('SECOND', true, target),
    isMissing: isCapabilityMissing('second-client'),
  },
  {
    key: 'clients.public',
    createValue: (target) => createClientValue('PUBLIC', false, target),
    isMissing: isCapabilityMissing('public-client'),
  },
  {
    key: 'users.second',
    createValue: createSecondUser,
    // With no login page the server alone says who is there, and a second user has no way in.
    isMissing: (target) =>
      target.settings.login?.page !== false && isCapabilityMissing('second-user')(target),
  },
  {
    key: 'users.first.organizations',
    createValue: () => [
      { id: '$ORGANIZATION_ID', name: '$ORGANIZATION_NAME' },
      { id: '$OTHER_ORGANIZATION_ID', name: '$OTHER_ORGANIZATION_NAME' },
    ],
    isMissing: isCapabilityMissing('organization'),
  },
  {
    key: 'apiEndpoints.user',
    createValue: () => ({ method: 'GET', path: '$USER_ENDPOINT_PATH', scope: '$USER_ENDPOINT_SCOPE' }),
    isMissing: isCapabilityMissing('api-user-endpoint'),
  },
  {
    key: 'apiEndpoints.organization',
    createValue: () => ({
      method: 'GET',
      path: '$ORGANIZATION_ENDPOINT_PATH',
      scope: '$ORGANIZATION_ENDPOINT_SCOPE',
    }),
    isMissing: isCapabilityMissing('api-org-endpoint'),
  },
  {
    key: 'personalAccessTokens.valid',
    createValue: () => '$PERSONAL_ACCESS_TOKEN',
    isMissing: isCapabilityMissing('pat'),
  },
  {
    key: 'settingsPages.clients',
    createValue: () => '$CLIENTS_SETTINGS_PATH',
    isMissing: isCapabilityMissing('client-settings'),
  },
  {
    key: 'settingsPages.tokens',
    createValue: () => '$TOKENS_SETTINGS_PATH',
    isMissing: isCapabilityMissing('pat-management'),
  },
];

/** If tokens belong to organizations, a check needs one that the first user isn't a member of. */
function createSecondUser({ profile }: Target): object {
  const organizations = [{ id: '$SECOND_ORGANIZATION_ID', name: '$SECOND_ORGANIZATION_NAME' }];
  return { ...createUserValue('SECOND'), ...(profile === 'polar' ? { organizations } : {}) };
}

/** What the target file declares unsupported, with a reason, isn't suggested. */
function isCapabilityMissing(capability: Capability): (target: Target) => boolean {
  return (target) => {
    if (target.settings.unsupported?.[capability] !== undefined) return false;
    const { claimed, missing } = readClaim(capability, target);
    return !claimed || missing !== null;
  };
}

/** @returns the parts that would let more be judged, each with how much */
export function findGains(target: Target, means: PlanOptions): readonly Gain[] {
  const found: Gain[] = [];
  let now = target;
  for (const { key, createValue, isMissing } of OPTIONAL_SETTINGS) {
    if (!isMissing(now)) continue;
    const value = createValue(now);
    const then = { ...now, settings: addSetting(now.settings, { key, value }) };
    const more = countJudgeable(then, means) - countJudgeable(now, means);
    if (more <= 0) continue;
    found.push({ setting: { key, value }, requirements: more });
    now = then;
  }
  return found;
}

function countJudgeable(target: Target, means: PlanOptions): number {
  return planAll(target, means).filter(({ ruling }) => ruling === null).length;
}

/** All requirements of the target's profile. */
export function planAll(target: Target, means: PlanOptions): readonly Planned[] {
  return plan(catalog, target, EVERYTHING, means);
}

/** @returns the settings with this part added; everything else stays */
export function addSetting(settings: TargetSettings, { key, value }: Setting): TargetSettings {
  return setPath(settings, key.split('.'), value);
}

function setPath<Part extends object>(part: Part, [key, ...rest]: readonly string[], value: unknown): Part {
  if (key === undefined) return part;
  if (rest.length === 0) return { ...part, [key]: value };
  const inner: unknown = Object.entries(part).find(([name]) => name === key)?.[1];
  return { ...part, [key]: setPath(typeof inner === 'object' && inner !== null ? inner : {}, rest, value) };
}

/** @returns the line to add to the target file: `"users": {"second": {…}}` */
export function formatSetting({ key: setting, value }: Setting): string {
  const [first = '', ...rest] = setting.split('.');
  const inner = rest.reduceRight<unknown>((within, key) => ({ [key]: within }), value);
  return `${JSON.stringify(first)}: ${addJsonSpaces(JSON.stringify(inner))}`;
}

/** With spaces as people write it. */
function addJsonSpaces(json: string): string {
  return json.replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll('},{', '}, {');
}

/** Without these, hardly anything can be judged. */
export const REQUIRED_SETTINGS = ['clients.first', 'users.first'] as const;

export const settingKeys: readonly string[] = OPTIONAL_SETTINGS.map(({ key }) => key);

/** @returns the part with this name, one of pieceNames */
export function findSetting(name: string): OptionalSetting {
  const found = OPTIONAL_SETTINGS.find(({ key }) => key === name);
  if (found === undefined) throw new Error(`there is no piece ${name}`);
  return found;
}
