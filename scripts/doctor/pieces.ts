/**
 * The pieces of a target file that are the user's to fill in, and what each would let us judge: counted by `plan`, so
 * that nothing is promised that a run would not keep.
 */
import type { Capability } from '../../fixtures/target/capabilities.js';
import { claimOf } from '../../fixtures/target/claims.js';
import type { Target, TargetSettings } from '../../fixtures/target/settings.js';
import { catalogue } from '../../suites/catalogue.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { type Means, type Planned, plan } from '../../suites/plan.js';

export interface Piece {
  /** The key of the target file, with dots. */
  readonly setting: string;
  /** What stands there: secrets, and all that only the user knows, as names of environment variables. */
  readonly value: unknown;
}

export interface Gain {
  readonly piece: Piece;
  /** So many more requirements could be judged, once all pieces before this one are there. */
  readonly more: number;
}

export interface Offer extends Piece {
  readonly lacks: (target: Target) => boolean;
}

const person = (name: string) => ({ username: `$${name}_USERNAME`, password: `$${name}_PASSWORD` });
const client = (name: string, secret: boolean) => ({
  client_id: `$${name}_CLIENT_ID`,
  ...(secret ? { client_secret: `$${name}_CLIENT_SECRET` } : {}),
  redirect_uri: `$${name}_REDIRECT_URI`,
  scope: 'openid email profile',
  token_endpoint_auth_method: secret ? 'client_secret_basic' : 'none',
});

/** In the order in which they build on each other. */
const OFFERS: readonly Offer[] = [
  { setting: 'clients.first', value: client('FIRST', true), lacks: withoutMeans('client') },
  { setting: 'people.first', value: person('FIRST'), lacks: withoutMeans('person') },
  { setting: 'clients.second', value: client('SECOND', true), lacks: withoutMeans('second-client') },
  { setting: 'clients.public', value: client('PUBLIC', false), lacks: withoutMeans('public-client') },
  { setting: 'people.second', value: person('SECOND'), lacks: withoutMeans('second-person') },
  {
    setting: 'people.first.organizations',
    value: [
      { id: '$ORGANIZATION_ID', name: '$ORGANIZATION_NAME' },
      { id: '$OTHER_ORGANIZATION_ID', name: '$OTHER_ORGANIZATION_NAME' },
    ],
    lacks: withoutMeans('organization'),
  },
  {
    setting: 'endpoints.user',
    value: { method: 'GET', path: '$USER_ENDPOINT_PATH', scope: '$USER_ENDPOINT_SCOPE' },
    lacks: withoutMeans('api-user-endpoint'),
  },
  {
    setting: 'endpoints.organization',
    value: { method: 'GET', path: '$ORGANIZATION_ENDPOINT_PATH', scope: '$ORGANIZATION_ENDPOINT_SCOPE' },
    lacks: withoutMeans('api-org-endpoint'),
  },
  { setting: 'personalAccessTokens.valid', value: '$PERSONAL_ACCESS_TOKEN', lacks: withoutMeans('pat') },
  { setting: 'settings.clients', value: '$CLIENTS_SETTINGS_PATH', lacks: withoutMeans('client-settings') },
  { setting: 'settings.tokens', value: '$TOKENS_SETTINGS_PATH', lacks: withoutMeans('pat-management') },
];

/** What the server declares absent, with a reason, is nobody's to add. */
function withoutMeans(capability: Capability): (target: Target) => boolean {
  return (target) => {
    if (target.settings.absent?.[capability] !== undefined) return false;
    const { claimed, lacking } = claimOf(capability, target);
    return !claimed || lacking !== null;
  };
}

/** @returns the pieces that would let more be judged, each with how much */
export function gains(target: Target, means: Means): readonly Gain[] {
  const found: Gain[] = [];
  let now = target;
  for (const { setting, value, lacks } of OFFERS) {
    if (!lacks(now)) continue;
    const then = { ...now, settings: withPiece(now.settings, { setting, value }) };
    const more = judgeable(then, means) - judgeable(now, means);
    if (more <= 0) continue;
    found.push({ piece: { setting, value }, more });
    now = then;
  }
  return found;
}

function judgeable(target: Target, means: Means): number {
  return planned(target, means).filter(({ ruling }) => ruling === null).length;
}

/** All requirements of the target's profile. */
export function planned(target: Target, means: Means): readonly Planned[] {
  return plan(catalogue, target, EVERYTHING, means);
}

/** @returns the settings with the piece put in its place; what stands beside it stays */
export function withPiece(settings: TargetSettings, { setting, value }: Piece): TargetSettings {
  return put(settings, setting.split('.'), value);
}

function put<Part extends object>(part: Part, [key, ...rest]: readonly string[], value: unknown): Part {
  if (key === undefined) return part;
  if (rest.length === 0) return { ...part, [key]: value };
  const inner: unknown = Object.entries(part).find(([name]) => name === key)?.[1];
  return { ...part, [key]: put(typeof inner === 'object' && inner !== null ? inner : {}, rest, value) };
}

/** @returns the line to add to the target file: `"people": {"second": {…}}` */
export function lineOf({ setting, value }: Piece): string {
  const [first = '', ...rest] = setting.split('.');
  const inner = rest.reduceRight<unknown>((within, key) => ({ [key]: within }), value);
  return `${JSON.stringify(first)}: ${spaced(JSON.stringify(inner))}`;
}

/** With the spaces that people write. */
function spaced(json: string): string {
  return json.replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll('},{', '}, {');
}

/** Without these hardly anything can be judged. */
export const NECESSARY = ['clients.first', 'people.first'] as const;

export const pieceNames: readonly string[] = OFFERS.map(({ setting }) => setting);

/** @returns the piece of this name, which is one of pieceNames */
export function pieceOf(name: string): Offer {
  const found = OFFERS.find(({ setting }) => setting === name);
  if (found === undefined) throw new Error(`there is no piece ${name}`);
  return found;
}
