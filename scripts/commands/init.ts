/** `init`: writes a target file from what a server publishes, and says what each missing piece would let us judge. */
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotJudge, UsageError } from '../../fixtures/errors.js';
import { assertWritable } from '../../fixtures/output/place.js';
import { escapeControls } from '../../fixtures/output/terminal-text.js';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { describeFinding, type PreflightFinding } from '../../fixtures/preflight/finding.js';
import { reachServer } from '../../fixtures/preflight/reach.js';
import { describeRegistrationNeeds } from '../../fixtures/preflight/registration-needs.js';
import { publishesResourceMetadata } from '../../fixtures/target/discover.js';
import { buildDiscoveryUrl, loadTarget } from '../../fixtures/target/load.js';
import { presets } from '../../fixtures/target/presets.js';
import { formatProfiles, readProfiles, writeProfiles } from '../../fixtures/target/profiles.js';
import type { ProfileChoice, ProfileName, Target, TargetSettings } from '../../fixtures/target/settings.js';
import { checkCertificateAuthority } from '../../fixtures/target/tls.js';
import { suggestName } from '../../suites/plan/selection.js';
import { formatGains } from '../doctor/coverage.js';
import {
  addSetting,
  findGains,
  findSetting,
  type OptionalSetting,
  planAll,
  REQUIRED_SETTINGS,
  settingKeys,
} from '../doctor/missing-settings.js';
import { makeHarmlessJson } from '../report/harmless.js';
import { assertWritableFolder } from '../report/report-file.js';
import { parseProfile } from '../run/options.js';
import type { Screen } from '../screen.js';

export interface InitOptions {
  readonly url: string;
  /** Without it, what the metadata says. */
  readonly profile: string | undefined;
  /** The file to write. */
  readonly out: string;
  /** Pieces to write though they are not necessary. */
  readonly pieces: readonly string[];
  readonly ca: string | undefined;
  readonly force: boolean;
}

const SCHEMA = fileURLToPath(new URL('../../fixtures/target/target.schema.json', import.meta.url));
const MEANS = { noBrowser: null };

/** @returns the exit code */
export async function init(options: InitOptions, screen: Screen): Promise<number> {
  const profile = options.profile === undefined ? undefined : parseProfile(options.profile);
  const asked = options.pieces.map(parseSetting);
  const start = parseStart(options, profile);
  if (!options.force && existsSync(options.out)) {
    throw new UsageError(
      `${options.out} already exists. --force overwrites it; --out FILE writes another file.`,
    );
  }
  // Before anything is sent.
  assertWritableFolder(dirname(options.out));
  assertWritable(options.out, '--out');
  const target = await reachTarget(start, screen);
  const known = applyDocument(start, await addAgents(target));
  const necessary = REQUIRED_SETTINGS.map(findSetting).filter(({ isMissing }) => isMissing(known));
  const settings = [...necessary, ...asked].reduce<TargetSettings>(
    (before, { key, createValue }) => addSetting(before, { key, value: createValue(known) }),
    known.settings,
  );
  const text = makeHarmlessJson(`${JSON.stringify(toTargetFile(settings, options), null, 2)}\n`);
  writeAtomically(options.out, text);
  for (const line of describeResult(options.out, text, { ...known, settings }))
    screen.print(`${escapeControls(line)}\n`);
  return 0;
}

function parseSetting(setting: string): OptionalSetting {
  const found = settingKeys.find((name) => name === setting);
  if (found !== undefined) return findSetting(found);
  throw new UsageError(`--with: there is no setting ${setting}.${suggestName(setting, settingKeys)}`);
}

/** What is known before anything is sent. */
function parseStart({ url, ca }: InitOptions, asked: ProfileChoice | undefined): TargetSettings {
  const profile = asked === undefined ? {} : { profile: asked };
  if (!/^https?:\/\//i.test(url)) throw new UsageError(`init needs a URL, and ${url} isn't one.`);
  const { issuer } = loadTarget(url);
  const { username, password, search, hash } = new URL(issuer);
  // It would stand in a file that people share.
  if (username !== '' || password !== '')
    throw new UsageError('The URL contains credentials. Leave them out.');
  if (search !== '' || hash !== '') throw new UsageError('An issuer has no query and no fragment.');
  if (ca === undefined) return { issuer, ...profile };
  const settings = { issuer, ...profile, tls: { ca: resolve(ca) } };
  checkCertificateAuthority(settings, '--ca');
  return settings;
}

/** Throws CannotJudge with the sentence of `doctor` when there is no document. */
async function reachTarget(settings: TargetSettings, screen: Screen): Promise<Target> {
  const findings: PreflightFinding[] = [];
  const target = await reachServer(settings, (finding) => void findings.push(finding));
  const bad = findings.find(({ fatal }) => fatal) ?? findings.find(({ state }) => state === 'fault');
  if (target === null)
    throw new CannotJudge(
      bad === undefined ? 'There is no configuration document.' : escapeControls(describeFinding(bad)),
    );
  if (bad !== undefined) screen.note(escapeControls(describeFinding(bad)));
  return target;
}

/** A server with metadata of protected resources is one that AI agents' clients can use. */
async function addAgents(target: Target): Promise<Target> {
  if (target.settings.profile !== undefined || !(await publishesResourceMetadata(target))) return target;
  return { ...target, agents: true };
}

/** The issuer is the document's own: clients of this server know it by that name. */
function applyDocument({ tls }: TargetSettings, target: Target): Target {
  const { published: document, discoveryUrl: url } = target;
  const issuer =
    typeof document?.issuer === 'string' && isIssuer(document.issuer) ? document.issuer : target.issuer;
  const preset = findPreset(issuer, target);
  const chosen = readProfiles(target.settings.profile ?? preset?.profile);
  const profile = chosen.base ?? target.profile;
  const agents = chosen.agents || target.agents === true;
  const settings: TargetSettings = {
    ...preset,
    name: preset?.name ?? new URL(issuer).host,
    issuer,
    profile: writeProfiles({ profile, agents }),
    ...(buildDiscoveryUrl({ issuer }) === url ? {} : { discovery: url }),
    ...findApi(target, issuer, target.profile),
    ...(typeof document?.registration_endpoint === 'string' ? { registration: { as: 'anonymous' } } : {}),
    ...(tls === undefined ? {} : { tls }),
  };
  const { name = target.name } = settings;
  return { ...target, settings, name, issuer, profile, agents };
}

/** What is known of this very server: its presets have one issuer, and an API each. */
function findPreset(issuer: string, { document }: Target): TargetSettings | undefined {
  const token = document?.token_endpoint;
  const origin = typeof token === 'string' && URL.canParse(token) ? new URL(token).origin : null;
  return Object.values(presets).find((preset) => preset.issuer === issuer && preset.api === origin);
}

/** A value that the schema of target files would refuse is not taken over. */
function isIssuer(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+[^\s?#]*$/.test(text) && URL.canParse(text);
}

/** Polar's API is where its token endpoint is. */
function findApi({ document }: Target, issuer: string, profile: ProfileName | undefined): { api?: string } {
  const token = document?.token_endpoint;
  if (profile !== 'polar' || typeof token !== 'string' || !URL.canParse(token)) return {};
  const { origin } = new URL(token);
  return origin === new URL(issuer).origin ? {} : { api: origin };
}

/** Paths are written relative to the file, so that it can be shared with them. */
function toTargetFile(settings: TargetSettings, { out }: InitOptions): TargetSettings {
  const folder = dirname(resolve(out));
  const path = (absolute: string) => {
    const way = relative(folder, absolute).replaceAll('\\', '/');
    return way.startsWith('.') ? way : `./${way}`;
  };
  const ca = settings.tls?.ca;
  const schema = path(SCHEMA);
  return {
    // The place of another folder of this machine would be wrong everywhere else.
    ...(schema.startsWith('../') ? {} : { $schema: schema }),
    ...settings,
    ...(ca === undefined ? {} : { tls: { ca: path(ca) } }),
  };
}

function describeResult(out: string, text: string, target: Target): readonly string[] {
  const variables = [...text.matchAll(/"\$([A-Z_]+)"/g)].map(([, name]) => name ?? '');
  const all = planAll(target, MEANS);
  const judged = all.filter(({ ruling }) => ruling === null).length;
  const more = findGains(target, MEANS);
  const needs = describeRegistrationNeeds(target);
  return [
    `Wrote ${out} for ${target.issuer}, profile ${formatProfiles(target)}.`,
    ...(variables.length === 0
      ? []
      : [
          '',
          "Set these in the environment, or write what isn't a secret into the file:",
          ...variables.map((name) => `  ${name}`),
        ]),
    '',
    `Then ${judged} of ${all.length} requirements could be judged.`,
    ...(more.length === 0
      ? []
      : ['What you could add, and how many more requirements it makes testable:', ...formatGains(more)]),
    '',
    ...needs,
    ...(needs.length === 0 ? [] : ['']),
    `Next: npx polar-conformance doctor ${out}`,
  ];
}
